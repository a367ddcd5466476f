import type { Supervision } from './loss-declaration.js';
import { open } from './open.js';

/** Holds what is known about a validation metric without computing it. For all metrics more is better. */
export interface MetricDeclaration {
  /** What it compares embeddings with. */
  readonly supervision: Supervision;
  /** Whether it is computed on the whole subset only, and is not a mean over batches. */
  readonly wholeSubset: boolean;
  readonly description: string;
}

/** Every metric by its name in `metric_mode`. */
export const metrics = open({
  FCT: {
    supervision: 'triplets',
    wholeSubset: false,
    description:
      'Fraction of correct triplets: of the labelled triplets, those that the embeddings order as people did.',
  },
  'mP@1': {
    supervision: 'classes',
    wholeSubset: false,
    description: 'Mean precision at 1: the share of pictures whose nearest neighbour is of their class.',
  },
  fraction_same_triplet_relation: {
    supervision: 'teachers',
    wholeSubset: true,
    description: 'Of random triplets, those that the embeddings order as the teachers do.',
  },
  fraction_same_triplet_relation_thresholded: {
    supervision: 'teachers',
    wholeSubset: true,
    description: 'The same, of the triplets on which the teachers are decided.',
  },
} as const satisfies Record<string, MetricDeclaration>);

export type MetricName = keyof typeof metrics;
/** Is a metric's name, and which of its values is best. */
export type MetricMode = `${MetricName}/${'max' | 'min'}`;
/** Is the name of a metric that compares embeddings with this supervision. */
export type MetricsOf<Kind extends Supervision> = {
  [Name in MetricName]: (typeof metrics)[Name]['supervision'] extends Kind ? Name : never;
}[MetricName];

/** Returns the name of the metric in a `metric_mode`. */
export const metricOf = (mode: MetricMode): MetricName => mode.slice(0, mode.lastIndexOf('/')) as MetricName;
