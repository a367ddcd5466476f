import type * as tf from '../tf.js';
import { models, type ModelName } from '../catalogue/models.js';
import { registerPart } from '../catalogue/own-parts.js';
import { refuseUnknown, UsageError } from '../errors.js';
import { ImageNetwork } from './image-network.js';
import { torchDefault, type Fill } from './initial-values.js';
import { linearUnit, type NetworkBuilder } from './layers/units.js';
import { filter, matrix, same } from './layouts.js';
import { networkBuilder } from './options.js';
import { backbones, type BackboneFactory } from './registry.js';

const PREFIX = 'model.';
const HEAD = `${PREFIX}last_linear`;

/** Makes the parameters of a network of one's own. */
export interface LayerVariables {
  /**
   * Makes a parameter, which training changes.
   *
   * @param name unique in the network, as in `conv1.weight`
   * @param shape of a filter `[height, width, in, out]`, of a matrix `[in, out]`
   * @param fill draws its start (default: uniform up to 1 / sqrt(values that meet in one output), as in PyTorch)
   */
  variable<R extends tf.Rank>(name: string, shape: tf.ShapeMap[R], fill?: Fill): tf.Variable<R>;
  /** What the house's own layers are made with, such as `convNormAct`; its running statistics are saved, too. */
  readonly builder: NetworkBuilder;
}

/** Describes an image network of one's own by its body; the layer to embeddings and their normalisation are added. */
export interface OwnBackbone {
  /** Its `model.name`. */
  readonly name: string;
  /** How many features the body gives. */
  readonly featureSize: number;
  /**
   * Makes the body: a function from pictures `[b, side, side, 3] float32`, preprocessed, to features `[b, featureSize]`,
   * by tensor operations.
   */
  readonly body: (variables: LayerVariables) => (images: tf.Tensor4D, training: boolean) => tf.Tensor2D;
  /** The side of the pictures, if it takes only one (default: any). */
  readonly imageSize?: number;
}

/**
 * Registers an image network of one's own, which configurations then name as `model.name`.
 *
 * @throws UsageError for a name that a built-in model has
 */
export function register(own: OwnBackbone): void {
  const { name, featureSize, body, imageSize } = own;
  refuseUnknown(own, ['name', 'featureSize', 'body', 'imageSize'], `member of backbone ${name}`);
  if (typeof body !== 'function') throw new UsageError(`invalid backbone ${name}: its member body is no function`);
  if (!Number.isInteger(featureSize) || featureSize < 1)
    throw new UsageError(`invalid featureSize of backbone ${name}: ${featureSize}; a number of features from 1`);
  const declaration = {
    input: 'pictures',
    parameters: ['weights'],
    freezes: ['bn', 'all'],
    pretrained: false,
    own: true,
    ...(imageSize === undefined ? {} : { imageSize }),
  };
  registerPart('backbone', name, own, [
    [models, declaration],
    [backbones, factoryOf(own)],
  ]);
}

const factoryOf =
  ({ name, featureSize, body, imageSize = undefined }: OwnBackbone): BackboneFactory =>
  (network, options) => {
    const { embedding_size: embeddingSize } = network;
    const { builder, newLayers, fixed } = networkBuilder(network, options);
    const head = linearUnit(builder.parameters, newLayers, HEAD, featureSize, embeddingSize);
    const variables: LayerVariables = {
      builder,
      variable: (of, shape, fill = torchDefault(fanIn(shape))) =>
        builder.parameters.parameter(builder.making, `${PREFIX}${of}`, shape, fill, layouts[shape.length] ?? same),
    };
    const apply = body(variables);
    const { parameters } = builder;
    return new ImageNetwork({
      name: name as ModelName,
      imageSize: imageSize ?? null,
      embeddingSize,
      featureSize,
      parameters,
      usesBatchStatistics: parameters.buffers.length > 0 && !builder.frozenNorm,
      prefix: PREFIX,
      newLayers: [`${HEAD}.`],
      fixedBody: fixed,
      body: (images, training) => checked(apply(images, training), name, featureSize),
      head,
    });
  };

/** How PyTorch would store a tensor of this rank. */
const layouts: Readonly<Record<number, typeof same>> = { 2: matrix, 4: filter };

/** Counts the values that meet in one output of a filter or matrix; of a vector 1. */
const fanIn = (shape: readonly number[]): number => shape.slice(0, -1).reduce((product, length) => product * length, 1);

function checked(features: tf.Tensor2D, name: string, size: number): tf.Tensor2D {
  if (features.rank === 2 && features.shape[1] === size) return features;
  throw new UsageError(
    `the body of backbone ${name} returned shape [${features.shape.join(', ')}]; return [pictures, ${size}], as featureSize says`,
  );
}
