import type { MetricsOf } from '../catalogue/metrics.js';
import { fractionCorrectTriplets } from './fraction-correct-triplets.js';
import { tripletRelation, type TeacherEmbeddings } from './fraction-same-triplet-relation.js';
import { meanPrecisionAt1 } from './mean-precision-at-1.js';

/** The metrics on labelled triplets by their names in `metric_mode`; rows `[3 m, size]` come in threes. */
export const tripletMetrics = { FCT: fractionCorrectTriplets } satisfies Record<
  MetricsOf<'triplets'>,
  (embeddings: Float32Array, size: number, directed: boolean) => number
>;

/** The metrics on rows `[n, size]` and their classes, by their names in `metric_mode`. */
export const classMetrics = { 'mP@1': meanPrecisionAt1 } satisfies Record<
  MetricsOf<'classes'>,
  (embeddings: Float32Array, size: number, classes: ArrayLike<number>) => number
>;

/** The metrics that compare rows `[n, size]` with those of teachers, by their names in `metric_mode`. */
export const relationMetrics = {
  fraction_same_triplet_relation: (teachers) => tripletRelation(teachers),
  fraction_same_triplet_relation_thresholded: (teachers) => tripletRelation(teachers, { thresholded: true }),
} satisfies Record<
  MetricsOf<'teachers'>,
  (teachers: TeacherEmbeddings) => (embeddings: Float32Array, size: number) => number
>;
