import type * as tf from '../tf.js';
import type { ModelName } from '../catalogue/models.js';
import type { NdArray } from '../formats/nd-array.js';
import type { Layout } from './layouts.js';

export type NamedArrays = Readonly<Record<string, NdArray>>;

/** One tensor of a network: a parameter, or a buffer such as running statistics. */
export interface Parameter {
  /** The name in the original's state dict. */
  readonly name: string;
  /** Filters `[height, width, in, out]`, matrices `[in, out]`, all else as in PyTorch; float32, counts int32. */
  readonly variable: tf.Variable;
  /** Whether training changes it. */
  readonly trainable: boolean;
  /** How PyTorch stores it. */
  readonly torch: Layout;
}

/** What embeds pictures. */
export interface Embedder {
  readonly embeddingSize: number;
  /**
   * Embeds pictures; can be differentiated by the parameters inside `tf.variableGrads`.
   *
   * @param images `[b, height, width, 3] float32`, preprocessed
   * @param training takes batch statistics where the network has them, and updates the running ones
   * @returns `[b, embeddingSize] float32`, rows of length 1
   * @throws UsageError where the pictures have not the network's size
   */
  embed(images: tf.Tensor4D, training: boolean): tf.Tensor2D;
}

/** A network from pictures to embeddings. */
export interface Backbone extends Embedder {
  readonly name: ModelName;
  /** The side of the square pictures it takes; null: any. */
  readonly imageSize: number | null;
  readonly parameters: readonly Parameter[];
  /** Running means and variances, and counts of batches. */
  readonly buffers: readonly Parameter[];
  /** Whether a row depends on the others of its batch in training (batch statistics): pieces of a batch differ then. */
  readonly usesBatchStatistics: boolean;
  /** Other names under which the original's state dict has a tensor again: `[its name, the same name with us]`. */
  readonly aliases: readonly (readonly [string, string])[];
  /** The pretrained part alone: its features, before the new layers. */
  readonly features: Embedder;
  /** The same as the pretrained part gives them: rows of any length. */
  readonly rawFeatures: Embedder;
  /** Copies of parameters and buffers as PyTorch stores them; `complete` adds the aliases, which share their data. */
  stateDict(options?: { readonly complete?: boolean }): NamedArrays;
  /**
   * Takes up what `stateDict` gave, or PyTorch saved.
   *
   * @param place what the error names: a file
   * @throws UsageError that lists every missing, surplus and wrongly shaped tensor; then nothing has changed
   */
  loadStateDict(tensors: NamedArrays, place: string): void;
  /**
   * Takes up pretrained weights of the network under its own names (`conv1.weight`), without the new layers; a
   * classifier is left out.
   *
   * @throws UsageError as `loadStateDict`
   */
  loadPretrained(tensors: NamedArrays, place: string): void;
  dispose(): void;
}
