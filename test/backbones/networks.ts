import * as tf from '../../src/tf.js';
import type { Backbone, BackboneOptions } from '../../src/backbones/index.js';
import { makeBackbone } from '../../src/backbones/index.js';
import type { NetworkConfiguration } from '../../src/configuration/types.js';
import { RandomStream } from '../../src/random/stream.js';

type Rest = Partial<Omit<NetworkConfiguration, 'name'>>;

/** A network with random parameters, the same for the same arguments. */
export function network(
  name: NetworkConfiguration['name'],
  rest: Rest = {},
  options: Partial<BackboneOptions> = {},
): Backbone {
  return makeBackbone({ name, embedding_size: 6, ...rest }, { stream: new RandomStream(3, name), ...options });
}

/** Moves what begins as 0 or 1 (shifts, biases, running statistics), so that it matters. */
export function disturb(backbone: Backbone): void {
  const stream = new RandomStream(4);
  for (const { name, variable, torch } of [...backbone.parameters, ...backbone.buffers]) {
    if (variable.rank !== 1 || torch.integer) continue;
    const values = variable.dataSync().map((value) => value + (name.endsWith('_var') ? 0.5 : 0.1) * stream.uniform());
    tf.tidy(() => {
      variable.assign(tf.tensor(values, variable.shape));
    });
  }
}

export function pictures(count: number, side: number, seed = 5): tf.Tensor4D {
  const values = new Float32Array(count * side * side * 3);
  new RandomStream(seed).fillNormal(values, 0, 1);
  return tf.tensor4d(values, [count, side, side, 3]);
}

/** The sum of embeddings times fixed numbers, and its gradients by the trained parameters' names. */
export function lossAndGradients(
  backbone: Backbone,
  images: tf.Tensor4D,
  training: boolean,
): { loss: number; gradients: Record<string, Float32Array> } {
  const trained = backbone.parameters.filter(({ trainable }) => trainable);
  const { value, grads } = tf.variableGrads(
    () => scalar(backbone, images, training),
    trained.map(({ variable }) => variable),
  );
  const gradients = Object.fromEntries(
    trained.map(({ name, variable }) => [name, grads[variable.name].dataSync() as Float32Array]),
  );
  const loss = value.dataSync()[0];
  tf.dispose([value, grads]);
  return { loss, gradients };
}

export function scalar(backbone: Backbone, images: tf.Tensor4D, training: boolean): tf.Scalar {
  return tf.tidy(() => {
    const embeddings = backbone.embed(images, training);
    const weights = new Float32Array(embeddings.size);
    new RandomStream(6).fillNormal(weights, 0, 1);
    return tf.sum(tf.mul(embeddings, tf.tensor(weights, embeddings.shape)));
  });
}

/** Steps against the gradients, of every trained parameter. */
export function step(backbone: Backbone, gradients: Record<string, Float32Array>, rate: number): void {
  for (const { name, variable, trainable } of backbone.parameters)
    if (trainable)
      tf.tidy(() => {
        variable.assign(tf.sub(variable, tf.mul(tf.tensor(gradients[name], variable.shape), rate)));
      });
}

/** Copies of all tensors by name. */
export function values(backbone: Backbone): Record<string, ArrayLike<number>> {
  return Object.fromEntries(
    [...backbone.parameters, ...backbone.buffers].map(({ name, variable }) => [name, variable.dataSync()]),
  );
}
