import {
  fractionCorrectTriplets,
  fractionSameTripletRelation,
  meanPrecisionAt1,
  type TeacherEmbeddings,
} from '../metrics/index.js';
import { NumpyRandom } from '../random/numpy-random.js';
import { differs, outcome, skipped, type Checker } from './outcome.js';

interface MetricCase {
  readonly metric: string;
  readonly directed?: boolean;
  readonly classes?: number[];
  readonly embeddings: number[][];
  /** `[n, teachers, size]` */
  readonly source_embeddings?: number[][][];
  readonly numRandomTriplets?: number;
  readonly seed?: number;
  /** The first of the indexes i, j and k. */
  readonly first_indexes?: number[][];
  readonly expected: Record<string, number>;
}

type Check = (golden: MetricCase, embeddings: Float32Array, size: number) => string | undefined;

const tolerance = 1e-6;

function compare(expected: Record<string, number>, name: string, value: number): string | undefined {
  return Math.abs(value - expected[name]) <= tolerance ? undefined : `${name} is ${value}, expected ${expected[name]}`;
}

function teacherRows(rows: number[][][]): TeacherEmbeddings {
  return { data: Float32Array.from(rows.flat(2)), count: rows[0].length, size: rows[0][0].length };
}

const checks: Record<string, Check> = {
  FCT: ({ directed = false, expected }, embeddings, size) =>
    compare(expected, 'FCT', fractionCorrectTriplets(embeddings, size, directed)),
  'mP@1': ({ classes = [], expected }, embeddings, size) =>
    compare(expected, 'mP@1', meanPrecisionAt1(embeddings, size, classes)),
  fraction_same_triplet_relation(golden, embeddings, size) {
    const { expected, source_embeddings = [], numRandomTriplets: triplets, first_indexes = [], seed = 0 } = golden;
    const count = triplets ?? 1_000_000;
    const drawn = new NumpyRandom(seed).choice(golden.embeddings.length, 3 * count);
    const first = first_indexes.map((third, i) => Array.from(drawn.subarray(i * count, i * count + third.length)));
    const teachers = teacherRows(source_embeddings);
    return (
      differs('the first indexes', first, first_indexes) ??
      [false, true]
        .map((thresholded) => {
          const value = fractionSameTripletRelation(embeddings, size, teachers, { thresholded, triplets: count });
          return compare(expected, `fraction_same_triplet_relation${thresholded ? '_thresholded' : ''}`, value);
        })
        .find((complaint) => complaint !== undefined)
    );
  },
};

const manner = ({ directed }: MetricCase): string =>
  directed === undefined ? '' : directed ? ' directed' : ' undirected';

/** Checks metrics against the original's values; those that this version lacks are skipped by name. */
export const checkMetrics: Checker = (content) =>
  (content as MetricCase[]).map((golden) => {
    const { metric, embeddings } = golden;
    if (!Object.hasOwn(checks, metric)) return skipped(metric, 'metric not in this version');
    return outcome(`${metric}${manner(golden)}`, () =>
      checks[metric](golden, Float32Array.from(embeddings.flat()), embeddings[0].length),
    );
  });
