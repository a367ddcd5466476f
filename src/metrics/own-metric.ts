import type { Supervision } from '../catalogue/loss-declaration.js';
import { metrics } from '../catalogue/metrics.js';
import { isNameOf } from '../catalogue/names.js';
import { registerPart } from '../catalogue/own-parts.js';
import { refuseUnknown, UsageError } from '../errors.js';
import type { TeacherEmbeddings } from './fraction-same-triplet-relation.js';
import { classMetrics, relationMetrics, tripletMetrics } from './registry.js';

/** Holds what a metric of one's own compares rows with: the member of its supervision. */
export interface MetricSupervision {
  /** Of labelled triplets: is the first of three rows the anchor? Otherwise the last one is the odd one out. */
  readonly directed: boolean;
  /** `[n]` */
  readonly classes: ArrayLike<number>;
  /** The teachers' embeddings of the rows, `[n, count, size]`. */
  readonly teachers: TeacherEmbeddings;
}

/** Describes a metric of one's own. For all metrics more is better; `metric_mode` can ask for the least. */
export interface OwnMetric {
  /** Its name in `metric_mode`, as in `name/max`. */
  readonly name: string;
  readonly supervision: Supervision;
  /**
   * Computes the metric.
   *
   * @param embeddings `[n, size] float32`, one row after another; of triplets, the three items of one in consecutive rows
   */
  readonly metric: (embeddings: Float32Array, size: number, supervision: MetricSupervision) => number;
  /** Whether it is computed on the whole validation subset, and not as a mean over batches (default false). */
  readonly wholeSubset?: boolean;
}

/**
 * Registers a metric of one's own, which configurations then name in `model.metric_mode`.
 *
 * @throws UsageError for a name that a built-in metric has
 */
export function register(own: OwnMetric): void {
  const { name, supervision, metric, wholeSubset = false } = own;
  refuseUnknown(own, ['name', 'supervision', 'metric', 'wholeSubset'], `member of metric ${name}`);
  if (typeof metric !== 'function') throw new UsageError(`invalid metric ${name}: its member metric is no function`);
  const registries = { triplets: tripletMetrics, classes: classMetrics, teachers: relationMetrics };
  if (!isNameOf(registries, supervision))
    throw new UsageError(
      `invalid supervision of metric ${name}: ${String(supervision)}; triplets, classes or teachers`,
    );
  const of = (rows: Float32Array, size: number, given: Partial<MetricSupervision>): number => {
    const value: unknown = metric(rows, size, given as MetricSupervision);
    if (typeof value === 'number') return value;
    throw new UsageError(`metric ${name} returned ${String(value)}; return a number`);
  };
  const forms = {
    triplets: (rows: Float32Array, size: number, directed: boolean) => of(rows, size, { directed }),
    classes: (rows: Float32Array, size: number, classes: ArrayLike<number>) => of(rows, size, { classes }),
    teachers: (teachers: TeacherEmbeddings) => (rows: Float32Array, size: number) => of(rows, size, { teachers }),
  };
  const declaration = { supervision, wholeSubset: wholeSubset || supervision === 'teachers', description: 'Your own.' };
  registerPart('metric', name, metric, [
    [metrics, declaration],
    [registries[supervision], forms[supervision]],
  ]);
}
