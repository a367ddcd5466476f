import type { MetricsOf } from '../catalogue/metrics.js';
import { open } from '../catalogue/open.js';
import { fractionCorrectTriplets } from './fraction-correct-triplets.js';
import { tripletRelation, type TeacherEmbeddings } from './fraction-same-triplet-relation.js';
import { meanPrecisionAt1 } from './mean-precision-at-1.js';

// The built-in metrics, which none can replace. `register` adds those of one's own.

/** Computes a metric on labelled triplets, whose rows `[3 m, size]` come in threes. */
export type TripletMetric = (embeddings: Float32Array, size: number, directed: boolean) => number;

/** The metrics on labelled triplets by their names in `metric_mode`. */
export const tripletMetrics: Readonly<Record<MetricsOf<'triplets'>, TripletMetric>> = open({
  FCT: fractionCorrectTriplets,
});

/** The metrics on rows `[n, size]` and their classes, by their names in `metric_mode`. */
export const classMetrics: Readonly<
  Record<MetricsOf<'classes'>, (embeddings: Float32Array, size: number, classes: ArrayLike<number>) => number>
> = open({ 'mP@1': meanPrecisionAt1 });

/** The metrics that compare rows `[n, size]` with those of teachers, by their names in `metric_mode`. */
export const relationMetrics: Readonly<
  Record<MetricsOf<'teachers'>, (teachers: TeacherEmbeddings) => (embeddings: Float32Array, size: number) => number>
> = open({
  fraction_same_triplet_relation: (teachers) => tripletRelation(teachers),
  fraction_same_triplet_relation_thresholded: (teachers) => tripletRelation(teachers, { thresholded: true }),
});
