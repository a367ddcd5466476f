/** A loss at the size of a batch of the paper. */
export interface LossCase {
  readonly name: string;
  /** What supervises: labelled triplets, classes or teachers. */
  readonly kind: 'triplets' | 'classes' | 'teachers';
  readonly n: number;
  readonly d: number;
  readonly teachers: number;
  readonly size: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** PyTorch would take more memory than a machine has, or does not draw alike. */
  readonly alone?: boolean;
  /** The least ratio to PyTorch that is wanted. */
  readonly target?: number;
}

const relaxed = { margin: 0.5, margin2: 0, tau: 0.25, semihard_loss_threshold: 0 };
const byTriplets = { ...relaxed, triplet_weight_type: 'from_source_triplets' };
const byPairs = { ...relaxed, triplet_weight_type: 'from_source_pairs' };

const one = { kind: 'teachers', n: 249, d: 128, teachers: 1, size: 128 } as const;
const many = { teachers: 50, alone: true };
const triplets = { kind: 'triplets', n: 249, d: 128, teachers: 0, size: 0 } as const;
const classes = { kind: 'classes', n: 284, d: 384, teachers: 0, size: 0 } as const;
/** Of losses on n x n and on n x n x n numbers, and of rkd, whose angles are n x n x n dot products. */
const [squares, cubes, angles] = [{ target: 1 }, { target: 20 }, { target: 200 }];

const multiSimilarity = { margin: 0.5, alpha: 2, beta: 40 };

export const lossCases: readonly LossCase[] = [
  { ...one, name: 'rkd', n: 172, parameters: {}, ...angles },
  { ...one, name: 'rkd', n: 284, parameters: {}, alone: true },
  { ...one, name: 'rkd', n: 172, parameters: {}, ...many, teachers: 5 },
  { ...one, name: 'rkd', n: 172, parameters: {}, ...many },
  { ...one, name: 'rkd', n: 284, d: 384, parameters: { batch_mining: 'relaxed_sampling_matters' }, alone: true },
  { ...one, name: 'relaxed_contrastive', parameters: { margin: 1, tau: 1 }, ...squares },
  { ...one, name: 'relaxed_infonce', parameters: { tau: 0.5 }, ...squares },
  { ...one, name: 'relaxed_multisimilarity', parameters: { margin: 1, tau: 1, alpha: 1, beta: 2 }, ...squares },
  { ...one, name: 'relaxed_triplet', parameters: byTriplets, ...cubes },
  { ...one, name: 'relaxed_triplet', parameters: byPairs, ...cubes },
  { ...one, name: 'relaxed_facenet', parameters: byTriplets, ...cubes },
  { ...one, name: 'relaxed_facenet', parameters: { ...byPairs, semihard_loss_threshold: 0.1 }, ...cubes },
  { ...one, name: 'stmr', parameters: { tau: 5, beta: 0.5 }, ...cubes },
  { ...one, name: 'stmr', n: 284, parameters: { tau: 5, beta: 0.5 }, ...cubes },
  { ...one, name: 'mtt', parameters: { teacher_margin: 0, margin: 0.2 }, ...cubes },
  { ...one, name: 'mtt', parameters: { teacher_margin: 0, margin: 0.2 }, ...many },
  { ...triplets, name: 'ste', parameters: { tau: 0.005 } },
  { ...triplets, name: 'triplet', parameters: { margin: 0.2 } },
  { ...triplets, name: 'double_contrastive', parameters: { margin_positive: 0, margin_negative: 1 } },
  { ...triplets, name: 'double_margin', parameters: { margin: 0.2, beta: 1.2 } },
  { ...triplets, name: 'double_multisimilarity', parameters: multiSimilarity },
  { ...classes, name: 'contrastive', parameters: { margin_positive: 0, margin_negative: 1 }, ...squares },
  { ...classes, name: 'infonce', parameters: { tau: 0.5 }, ...squares },
  { ...classes, name: 'multi_similarity', parameters: multiSimilarity, ...squares },
  { ...classes, name: 'multi_similarity_original', parameters: multiSimilarity, ...squares },
  { ...classes, name: 'facenet', parameters: { margin: 0.2 }, ...cubes },
  { ...classes, name: 'sampling_matters', parameters: { margin: 0.2, beta: 1.2 }, alone: true },
];

/** How a table names it. */
export function lossLabel({ name, kind, n, d, teachers, parameters }: LossCase): string {
  const weights = String(parameters['triplet_weight_type'] ?? '').replace('from_source_', ', by ');
  const mined = parameters['batch_mining'] === undefined ? '' : ', mined';
  return `${name}, ${n} x ${d}, ${kind === 'teachers' ? `T = ${teachers}` : kind}${weights}${mined}`;
}
