import type * as tf from '../tf.js';
import type { ModelName } from '../catalogue/models.js';
import type { NdArray } from '../formats/nd-array.js';
import type { Layout } from './layouts.js';

export type NamedArrays = Readonly<Record<string, NdArray>>;

/** Holds one tensor of a network: a parameter, or a buffer such as running statistics. */
export interface Parameter {
  /** The name in the original's state dict. */
  readonly name: string;
  /** Filters are `[height, width, in, out]`, matrices `[in, out]`, all else as in PyTorch; float32, counts int32. */
  readonly variable: tf.Variable;
  /** Whether training changes it. */
  readonly trainable: boolean;
  /** How PyTorch stores it. */
  readonly torch: Layout;
}

/** Embeds pictures. */
export interface Embedder {
  readonly embeddingSize: number;
  /**
   * Embeds pictures; inside `tf.variableGrads` it is differentiable with respect to the parameters.
   *
   * @param images `[b, height, width, 3] float32`, preprocessed
   * @param training whether to use batch statistics, where the network has them, and to update the running ones
   * @returns `[b, embeddingSize] float32`, rows of length 1
   * @throws UsageError where the pictures do not have the network's size
   */
  embed(images: tf.Tensor4D, training: boolean): tf.Tensor2D;
}

/** Is a network from pictures to embeddings. */
export interface Backbone extends Embedder {
  readonly name: ModelName;
  /** The side of the square pictures it takes; null: any. */
  readonly imageSize: number | null;
  readonly parameters: readonly Parameter[];
  /** Running means and variances, and counts of batches. */
  readonly buffers: readonly Parameter[];
  /** Whether training rows depend on their batch (batch statistics), so that micro-batches change the result. */
  readonly usesBatchStatistics: boolean;
  /** Names under which the original's state dict has a tensor a second time: `[that name, the tensor's name here]`. */
  readonly aliases: readonly (readonly [string, string])[];
  /** The pretrained part alone: its features, before the new layers. */
  readonly features: Embedder;
  /** The same features without normalisation: rows of any length. */
  readonly rawFeatures: Embedder;
  /** Copies parameters and buffers as PyTorch stores them; `complete` adds the aliases, which share their data. */
  stateDict(options?: { readonly complete?: boolean }): NamedArrays;
  /**
   * Loads what `stateDict` returned, or PyTorch saved.
   *
   * @param place the file that an error names
   * @throws UsageError that lists every missing, surplus and wrongly shaped tensor; then nothing has changed
   */
  loadStateDict(tensors: NamedArrays, place: string): void;
  /**
   * Loads pretrained weights of the network under its own names (`conv1.weight`), without the new layers; a classifier
   * is left out.
   *
   * @throws UsageError as `loadStateDict`
   */
  loadPretrained(tensors: NamedArrays, place: string): void;
  dispose(): void;
}
