import type { MinerName } from '../catalogue/miners.js';
import { open } from '../catalogue/open.js';
import type { RandomStream } from '../random/stream.js';
import type { HostRows } from './distances.js';
import { relaxedDistanceWeighted } from './relaxed-distance-weighted.js';

/**
 * Draws the triplets of a batch on which a distillation loss is computed.
 *
 * @param student `[n, d]`, the embeddings; @param teacher `[n, size]`, those of the first teacher
 * @param random what it draws from, so that a resumed run draws the same
 * @returns `[m, 3] int32`: rows of anchor, positive and negative
 */
export type Miner = (student: HostRows, teacher: HostRows, n: number, random: RandomStream) => Int32Array;

/** The miners by their names in `batch_mining`; `register` adds those of one's own. */
export const miners: Readonly<Record<MinerName, Miner>> = open({ relaxed_sampling_matters: relaxedDistanceWeighted });
