import { UsageError } from '../errors.js';
import { NumpyRandom } from '../random/numpy-random.js';
import { requireFinite } from './finite-rows.js';
import { numpyDistance } from './numpy-distance.js';

/** Holds several teachers' embeddings of the same instances. */
export interface TeacherEmbeddings {
  /** `[n, count, size] float32` */
  readonly data: Float32Array;
  readonly count: number;
  readonly size: number;
}

export interface TripletRelationOptions {
  /** Whether to compare only where the teachers clearly prefer one order: |x| > .2. */
  thresholded?: boolean;
  /** The number of random triplets to compare on. */
  triplets?: number;
}

const defaults = { thresholded: false, triplets: 1_000_000 };
const SEED = 0;
const DECIDED = Math.fround(0.2);

/**
 * Prepares the fraction of random triplets that embeddings order as the teachers do, for teachers that stay the same.
 *
 * i, j, k are the thirds of `RandomState(0).choice(n, 3 triplets)`, x is the teachers' mean of d_ik - d_ij, and y is
 * d_ik - d_ij of the embeddings. The fraction is the number of triplets in which x and y have the same sign over the
 * number with x != 0; thresholded, both count only |x| > .2. All is computed in float32 as numpy does, so that ties are
 * those of the original. With no triplet to compare on it is 0.
 *
 * @returns a function of embeddings `[n, size] float32`, a row for each row of the teachers, and of their size
 * @throws UsageError where the teachers have no row, the embeddings another number of rows, or a number is infinite or
 *   NaN
 */
export function tripletRelation(
  teachers: TeacherEmbeddings,
  options: TripletRelationOptions = {},
): (embeddings: Float32Array, size: number) => number {
  const { thresholded, triplets } = { ...defaults, ...options };
  const n = teachers.data.length / (teachers.count * teachers.size);
  if (!(Number.isInteger(n) && n > 0)) throw new UsageError(`invalid teachers: ${n} rows; give at least one, whole`);
  requireFinite(teachers.data, teachers.count * teachers.size, { what: "teachers' embeddings" });
  const x = teacherRelations(teachers, n, drawTriplets(n, triplets));
  return (embeddings, size) => {
    if (embeddings.length !== n * size)
      throw new UsageError(`invalid teachers: ${n} rows for ${embeddings.length / size} embeddings; give one for each`);
    requireFinite(embeddings, size);
    const drawn = drawTriplets(n, triplets);
    const y = relations(embeddings, size, size, 0, drawn, n);
    let [same, relevant] = [0, 0];
    for (let t = 0; t < x.length; t++) {
      if (thresholded ? !(Math.abs(x[t]) > DECIDED) : x[t] === 0) continue;
      const times = drawn.times?.[t] ?? 1;
      relevant += times;
      if ((x[t] > 0 && y[t] > 0) || (x[t] < 0 && y[t] < 0)) same += times;
    }
    return same / (relevant + 1e-12);
  };
}

/** Computes {@link tripletRelation} for one set of embeddings. */
export function fractionSameTripletRelation(
  embeddings: Float32Array,
  size: number,
  teachers: TeacherEmbeddings,
  options: TripletRelationOptions = {},
): number {
  return tripletRelation(teachers, options)(embeddings, size);
}

/** Holds the triplets to compare on, all i, then all j, then all k, and how often each was drawn, if not once. */
interface DrawnTriplets {
  readonly indexes: Int32Array;
  readonly times: Int32Array | undefined;
}

/** The latest draws, kept since n is the same in the validation of every epoch. */
let latest: { readonly n: number; readonly triplets: number; readonly drawn: DrawnTriplets } | undefined;

function drawTriplets(n: number, triplets: number): DrawnTriplets {
  if (latest?.n !== n || latest.triplets !== triplets) {
    const indexes = new NumpyRandom(SEED).choice(n, 3 * triplets);
    latest = { n, triplets, drawn: n ** 3 < triplets ? distinct(indexes, n) : { indexes, times: undefined } };
  }
  return latest.drawn;
}

/** Merges equal triplets: with few items the same ones are drawn many times. */
function distinct(indexes: Int32Array, n: number): DrawnTriplets {
  const triplets = indexes.length / 3;
  const counts = new Int32Array(n ** 3);
  for (let t = 0; t < triplets; t++) counts[(indexes[t] * n + indexes[triplets + t]) * n + indexes[2 * triplets + t]]++;
  const codes = Array.from(counts.keys()).filter((code) => counts[code] > 0);
  const part = (of: (code: number) => number): number[] => codes.map(of);
  return {
    indexes: Int32Array.from([
      ...part((code) => Math.floor(code / n ** 2)),
      ...part((code) => Math.floor(code / n) % n),
      ...part((code) => code % n),
    ]),
    times: Int32Array.from(codes, (code) => counts[code]),
  };
}

/** Computes the teachers' mean of d_ik - d_ij, `[triplets] float32`. */
function teacherRelations(teachers: TeacherEmbeddings, n: number, drawn: DrawnTriplets): Float32Array {
  const { data, count, size } = teachers;
  const triplets = drawn.indexes.length / 3;
  const mean = new Float32Array(triplets);
  for (let teacher = 0; teacher < count; teacher++) {
    const of = relations(data, size, count * size, teacher * size, drawn, n);
    for (let t = 0; t < triplets; t++) mean[t] += of[t];
  }
  if (count > 1) for (let t = 0; t < triplets; t++) mean[t] /= count;
  return mean;
}

/** Computes d_ik - d_ij of each triplet, `[triplets] float32`; row i begins at i x stride + offset. */
function relations(
  rows: Float32Array,
  size: number,
  stride: number,
  offset: number,
  { indexes }: DrawnTriplets,
  n: number,
): Float32Array {
  const triplets = indexes.length / 3;
  const distance = distances(rows, size, stride, offset, n, triplets);
  const result = new Float32Array(triplets);
  for (let t = 0; t < triplets; t++)
    result[t] = distance(indexes[t], indexes[2 * triplets + t]) - distance(indexes[t], indexes[triplets + t]);
  return result;
}

/** Computes the distances through a table of all pairs if that is less work, else one by one. */
function distances(
  rows: Float32Array,
  size: number,
  stride: number,
  offset: number,
  n: number,
  triplets: number,
): (i: number, j: number) => number {
  const direct = (i: number, j: number): number => numpyDistance(rows, i * stride + offset, j * stride + offset, size);
  if ((n * (n - 1)) / 2 > 2 * triplets) return direct;
  const table = new Float32Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) table[i * n + j] = table[j * n + i] = direct(i, j);
  return (i, j) => table[i * n + j];
}
