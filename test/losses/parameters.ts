import type { Parameters } from './naive.js';

const relaxed = { margin: 0.5, margin2: 0.05, tau: 0.25 };

/** Every distillation loss, as the configurations have it and in its variants. */
export const distillationCases: (readonly [name: string, parameters: Parameters])[] = [
  ['rkd', {}],
  ['relaxed_contrastive', { margin: 1, tau: 1 }],
  ['relaxed_triplet', { ...relaxed, triplet_weight_type: 'from_source_triplets' }],
  ['relaxed_triplet', { ...relaxed, triplet_weight_type: 'from_source_pairs' }],
  ...[0, 0.1].flatMap((semihard_loss_threshold) =>
    ['from_source_triplets', 'from_source_triplets2', 'from_source_pairs', 'from_source_pairs2'].map(
      (triplet_weight_type) =>
        ['relaxed_facenet', { ...relaxed, margin: 0.3, triplet_weight_type, semihard_loss_threshold }] as const,
    ),
  ),
  ['relaxed_infonce', { tau: 0.5 }],
  ['relaxed_infonce', { tau: 0.1 }],
  ['relaxed_multisimilarity', { margin: 1, tau: 1, alpha: 1, beta: 2 }],
  ['relaxed_multisimilarity', { margin: 0.5, tau: 0.5, alpha: 2, beta: 40 }],
  ['stmr', { tau: 5, beta: 0.5 }],
  ['stmr', { tau: 2, beta: 0.1 }],
  ['mtt', { teacher_margin: 0, margin: 0.2 }],
  ['mtt', { teacher_margin: 0.1, margin: 0.5 }],
];

export const classCases: (readonly [name: string, parameters: Readonly<Record<string, number>>])[] = [
  ['contrastive', { margin_positive: 0.1, margin_negative: 1 }],
  ['facenet', { margin: 0.2 }],
  ['infonce', { tau: 0.5 }],
  ['multi_similarity', { margin: 0.5, alpha: 2, beta: 40 }],
  ['multi_similarity_original', { margin: 0.5, alpha: 2, beta: 40 }],
];
