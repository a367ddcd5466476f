/** The triplet losses with a fused kernel: number in the kernel, and its parameters in order. */
export const fusedLosses: Record<string, { readonly kernel: number; readonly parameters: readonly string[] }> = {
  double_contrastive: { kernel: 0, parameters: ['margin_positive', 'margin_negative'] },
  triplet: { kernel: 1, parameters: ['margin'] },
  double_margin: { kernel: 2, parameters: ['margin', 'beta'] },
  ste: { kernel: 3, parameters: ['tau', 'exact_log_softmax'] },
  double_multisimilarity: { kernel: 4, parameters: ['margin', 'alpha', 'beta'] },
  soe: { kernel: 5, parameters: ['margin'] },
  ckl: { kernel: 6, parameters: ['mu'] },
};

/** Teachers to train together: the same triplets and settings, each its own initial table. */
export interface TeacherSpecification {
  readonly initial: readonly Float32Array[]; // per teacher [items, embeddingSize]
  readonly numItems: number;
  readonly embeddingSize: number;
  /** Items that a triplet names; the other rows have no gradient and never move. */
  readonly usedItems: Int32Array;
  readonly maxTriplets: number; // of a batch
  readonly directed: boolean;
  /** Rows are the embeddings (`Ordinal`); otherwise they go through relu and are L2-normalised (`Psycho`). */
  readonly free: boolean;
  readonly loss: string;
  readonly lossParameters: Readonly<Record<string, number>>;
  readonly optimizer: 'adam' | 'adamw';
  readonly learningRate: number;
  /** Decay of the table: coupled (Adam) or decoupled (AdamW). */
  readonly weightDecay: number;
  /** Weight of the l1 penalty sum |w| in the reported loss. */
  readonly beta: number;
  /** Whether that penalty has a gradient. */
  readonly trainPenalty: boolean;
}

/** Rows are padded to whole pairs of SIMD registers; the padding is 0 and stays 0. */
export const paddedSize = (size: number): number => Math.ceil(size / 8) * 8;

/** Whether a loss has a fused kernel. */
export const hasFusedKernel = (loss: string): boolean => Object.hasOwn(fusedLosses, loss);
