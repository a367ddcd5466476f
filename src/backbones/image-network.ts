import * as tf from '../tf.js';
import type { ModelName } from '../catalogue/models.js';
import { UsageError } from '../errors.js';
import type { Backbone, Embedder, NamedArrays, Parameter } from './backbone.js';
import { normalizeRows } from './layers/normalize.js';
import { toTorch } from './layouts.js';
import type { Parameters } from './parameters.js';
import { load } from './state-dict.js';

/** Describes how a network is made of its layers. */
export interface Definition {
  readonly name: ModelName;
  readonly imageSize: number | null;
  /** The side of the pictures must be a multiple of it. */
  readonly multiple?: number;
  readonly embeddingSize: number;
  /** The number of features of a picture. */
  readonly featureSize: number;
  readonly parameters: Parameters;
  readonly usesBatchStatistics: boolean;
  readonly aliases?: readonly (readonly [string, string])[];
  /** What the names of the pretrained part begin with: `model.`. */
  readonly prefix: string;
  /** What the names of the new layers begin with. */
  readonly newLayers: readonly string[];
  /** Whether no gradient reaches the body: then nothing is kept for one. */
  readonly fixedBody: boolean;
  /** Maps pictures to features. */
  readonly body: (images: tf.Tensor4D, training: boolean) => tf.Tensor2D;
  /** Maps features to embeddings that are not yet normalised. */
  readonly head: (features: tf.Tensor2D) => tf.Tensor2D;
}

/** The layers of classifiers, which pretrained weights have and embeddings do not need. */
const CLASSIFIER = /^(fc|classifier|head|head_dist|last_linear|pre_logits|AuxLogits)\./;

/** Computes f(x) without keeping anything for a gradient. */
function constantly<T extends tf.Tensor>(x: tf.Tensor, f: () => T): T {
  const operation = tf.customGrad(() => ({ value: f(), gradFunc: () => tf.zerosLike(x) }));
  return operation(x) as T;
}

/** Is the image network of a definition. */
export class ImageNetwork implements Backbone {
  private readonly definition: Definition;
  readonly name: ModelName;
  readonly imageSize: number | null;
  readonly embeddingSize: number;
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly Parameter[];
  readonly usesBatchStatistics: boolean;
  readonly aliases: readonly (readonly [string, string])[];
  readonly features: Embedder;
  readonly rawFeatures: Embedder;

  constructor(definition: Definition) {
    this.definition = definition;
    ({ name: this.name, imageSize: this.imageSize, embeddingSize: this.embeddingSize } = definition);
    ({ parameters: this.parameters, buffers: this.buffers } = definition.parameters);
    this.usesBatchStatistics = definition.usesBatchStatistics;
    this.aliases = definition.aliases ?? [];
    this.features = {
      embeddingSize: definition.featureSize,
      embed: (images, training) => this.apply(images, training, (features) => normalizeRows(features)),
    };
    this.rawFeatures = {
      embeddingSize: definition.featureSize,
      embed: (images, training) => this.apply(images, training, (features) => features),
    };
  }

  embed(images: tf.Tensor4D, training: boolean): tf.Tensor2D {
    return this.apply(images, training, (features) => normalizeRows(this.definition.head(features)));
  }

  private apply(images: tf.Tensor4D, training: boolean, head: Definition['head']): tf.Tensor2D {
    this.checkSize(images);
    const { body, fixedBody } = this.definition;
    const features = () => body(images, training);
    return tf.tidy(() => head(fixedBody ? constantly(images, features) : features()));
  }

  stateDict({ complete = false } = {}): NamedArrays {
    const entries = [...this.parameters, ...this.buffers];
    const arrays = Object.fromEntries(entries.map(({ name, variable, torch }) => [name, toTorch(variable, torch)]));
    if (complete) for (const [alias, name] of this.aliases) arrays[alias] = arrays[name];
    return arrays;
  }

  loadStateDict(tensors: NamedArrays, place: string): void {
    // as in PyTorch, which loads the aliases last
    const own = new Map(this.aliases);
    const renamed = Object.entries(tensors).filter(([name]) => !own.has(name));
    for (const [alias, name] of own) if (Object.hasOwn(tensors, alias)) renamed.push([name, tensors[alias]]);
    load(this.entries(), Object.fromEntries(renamed), place);
  }

  loadPretrained(tensors: NamedArrays, place: string): void {
    const { prefix, newLayers } = this.definition;
    const isNew = (name: string) => newLayers.some((start) => name.startsWith(start));
    const entries = this.entries()
      .filter(({ name }) => !isNew(name))
      .map((entry) => ({ ...entry, name: entry.name.slice(prefix.length) }));
    load(entries, tensors, place, (name) => CLASSIFIER.test(name));
  }

  dispose(): void {
    this.definition.parameters.dispose();
  }

  /** Returns all tensors; counts of batches are optional, since older files lack them. */
  private entries(): (Parameter & { optional: boolean })[] {
    return [...this.parameters, ...this.buffers].map((entry) => ({ ...entry, optional: entry.torch.integer === true }));
  }

  private checkSize(images: tf.Tensor4D): void {
    const [, height, width, channels] = images.shape;
    const { multiple = 1 } = this.definition;
    const wanted = this.imageSize === null ? `any multiple of ${multiple}` : `${this.imageSize} x ${this.imageSize}`;
    const fits = (side: number) => (this.imageSize === null ? side % multiple === 0 : side === this.imageSize);
    if (!fits(height) || !fits(width) || channels !== 3)
      throw new UsageError(
        `invalid pictures: ${height} x ${width} x ${channels}; ${this.name} needs ${wanted} x 3, set preprocessing.image_size`,
      );
  }
}
