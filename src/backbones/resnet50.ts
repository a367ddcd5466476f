import * as tf from '../tf.js';
import type { NetworkConfiguration } from '../configuration/types.js';
import { ImageNetwork } from './image-network.js';
import { linearUnit } from './layers/units.js';
import { networkBuilder, type BackboneOptions, type Variant } from './options.js';
import { resNet, resNetFeatures, type ResNetShape } from './resnet.js';

const PREFIX = 'model.';

const torch: ResNetShape = {
  stem: { size: 7, stride: 2, width: 64, pool: true },
  stages: [
    { blocks: 3, width: 64 },
    { blocks: 4, width: 128 },
    { blocks: 6, width: 256 },
    { blocks: 3, width: 512 },
  ],
  block: 'bottleneck',
};

/** The first published form: the stride is in a block's first convolution; biases; another eps. */
const keras: ResNetShape = { ...torch, strideIn: 'first', bias: true, epsilon: 1e-3 };

const shapes = { torch, keras } as const satisfies Record<Variant, ResNetShape>;

/** Mean and standard deviation with which the preprocessing normalises red, green and blue. */
const pictures = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** What Keras subtracts from red, green and blue, which range from 0 to 255. */
const kerasMean = [123.68, 116.779, 103.939];

/** Turns normalised RGB `[b, h, w, 3]` into BGR from 0 to 255, less Keras's means. */
function kerasInput(x: tf.Tensor4D): tf.Tensor4D {
  const { mean, std } = pictures;
  return tf.tidy(() => {
    const factor = tf.tensor1d(std.map((value) => 255 * value));
    const offset = tf.tensor1d(mean.map((value, channel) => 255 * value - kerasMean[channel]));
    return tf.reverse(tf.add(tf.mul(x, factor), offset), 3) as tf.Tensor4D;
  });
}

/**
 * Makes `ResNet50`: torchvision's network, an average pool, a linear layer to `embedding_size`,
 * `num_nonlinearity_layers` times linear and relu, rows of length 1.
 *
 * He et al., Deep Residual Learning for Image Recognition, CVPR 2016. With `variant: 'keras'` it is the first published
 * form, which also has biases: `conv1.bias` and so on. Pictures are normalised as for the other form.
 */
export function resNet50(network: NetworkConfiguration, options: BackboneOptions): ImageNetwork {
  const { embedding_size: embeddingSize, num_nonlinearity_layers: nonlinear = 0 } = network;
  const { builder, newLayers, fixed } = networkBuilder(network, options);
  const { variant = 'torch' } = options;
  const shape = shapes[variant];
  const { parameters } = builder;
  // in the original's order: the model, its last linear layer, the layers after it
  const features = resNetFeatures(shape);
  const head = linearUnit(parameters, newLayers, `${PREFIX}last_linear`, features, embeddingSize);
  const rest = Array.from({ length: nonlinear }, (_, i) =>
    linearUnit(parameters, newLayers, `final_nonlinearity_layers.${2 * i}`, embeddingSize, embeddingSize),
  );
  const body = resNet(builder, PREFIX, shape);
  const own = [...parameters.parameters, ...parameters.buffers].map(({ name }) => name);
  return new ImageNetwork({
    name: 'ResNet50',
    imageSize: null,
    embeddingSize,
    featureSize: features,
    parameters,
    usesBatchStatistics: !builder.frozenNorm,
    // the original's state dict has the stages a second time, in a list
    aliases: own.flatMap((name) => {
      const [, stage, of] = /^model\.layer(\d)(\..*)$/.exec(name) ?? [];
      return stage === undefined ? [] : [[`layer_blocks.${Number(stage) - 1}${of}`, name] as const];
    }),
    prefix: PREFIX,
    newLayers: [`${PREFIX}last_linear.`, 'final_nonlinearity_layers.'],
    fixedBody: fixed,
    body: variant === 'keras' ? (x, training) => body(kerasInput(x), training) : body,
    head: (x) => rest.reduce((y, next) => tf.relu(next(y)), head(x)),
  });
}
