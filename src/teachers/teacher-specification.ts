import type { LossesOf } from '../catalogue/losses.js';
import type { OptimizerType } from '../catalogue/optimizers.js';
import { isNameOf } from '../catalogue/names.js';

/** The triplet losses that the fused kernel has, with their numbers there; parameters come in the catalogue's order. */
export const fusedLosses = {
  double_contrastive: 0,
  triplet: 1,
  double_margin: 2,
  ste: 3,
  double_multisimilarity: 4,
  soe: 5,
  ckl: 6,
} satisfies { readonly [Loss in LossesOf<'triplets'>]?: number };

/** How each optimizer decays the table in the fused kernel, which always takes steps of Adam. */
export const fusedDecays: Readonly<Record<OptimizerType, 'coupled' | 'decoupled'>> = {
  adam: 'coupled',
  adamw: 'decoupled',
};

/** Describes teachers to train together: they share triplets and settings, and each has its own initial table. */
export interface TeacherSpecification {
  readonly initial: readonly Float32Array[]; // per teacher [items, embeddingSize]
  readonly numItems: number;
  readonly embeddingSize: number;
  /** The items that occur in triplets; the other rows have no gradient and never change. */
  readonly usedItems: Int32Array;
  readonly maxTriplets: number; // of a batch
  readonly directed: boolean;
  /** Whether the rows are the embeddings (`Ordinal`); otherwise relu of the rows, L2-normalised, is (`Psycho`). */
  readonly free: boolean;
  readonly loss: string;
  readonly lossParameters: Readonly<Record<string, number>>;
  readonly optimizer: OptimizerType;
  /** The metric of the validation, one on triplets. */
  readonly metric: string;
  readonly learningRate: number;
  /** Decay of the table: coupled (Adam) or decoupled (AdamW). */
  readonly weightDecay: number;
  /** Weight of the l1 penalty sum |w| in the reported loss. */
  readonly beta: number;
  /** Whether that penalty has a gradient. */
  readonly trainPenalty: boolean;
}

/** Returns the size of a row padded to whole pairs of SIMD registers; the padding is 0 and stays 0. */
export const paddedSize = (size: number): number => Math.ceil(size / 8) * 8;

/** Tells whether a loss has a fused kernel. */
export const hasFusedKernel = (loss: string): loss is keyof typeof fusedLosses => isNameOf(fusedLosses, loss);

/** Tells whether the fused kernel trains these teachers: it has no losses, optimizers and metrics of one's own. */
export const canFuse = ({ loss, optimizer, metric }: TeacherSpecification): boolean =>
  hasFusedKernel(loss) && isNameOf(fusedDecays, optimizer) && metric === 'FCT';
