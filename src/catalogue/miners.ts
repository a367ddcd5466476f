import { open } from './open.js';

/** Every miner by its name in `batch_mining`; it draws the triplets of a batch on which a loss is computed. */
export const miners = open({
  relaxed_sampling_matters: {
    description: 'Positives near by the first teacher; negatives drawn with weights by their distance.',
    paper: 'Dondera, Towards learning image similarity from general triplet labels, CVPR Workshops 2024',
  },
} as const);
export type MinerName = keyof typeof miners;
