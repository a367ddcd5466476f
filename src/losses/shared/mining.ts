import * as tf from '../../tf.js';
import { UsageError, unknown } from '../../errors.js';
import type { MinerName } from '../../catalogue/miners.js';
import { isNameOf } from '../../catalogue/names.js';
import { relaxedDistanceWeighted, type HostRows } from '../../miners/index.js';
import type { RandomStream } from '../../random/stream.js';

/** Holds the teachers' embeddings of a batch in host memory, `[n, count, size]`. */
export interface TeacherEmbeddings {
  readonly data: Float32Array;
  readonly count: number;
  readonly size: number;
}

/** Draws the triplets of a batch, `[m, 3] int32`. */
export type Miner = (student: HostRows, teacher: HostRows, n: number) => Int32Array;

const miners = { relaxed_sampling_matters: relaxedDistanceWeighted } satisfies Record<MinerName, unknown>;

/** @throws UsageError where a loss that draws has no stream to draw from */
export function streamFor(what: string, stream: RandomStream | undefined): RandomStream {
  if (stream === undefined)
    throw new UsageError(`missing random stream; ${what} draws triplets: give the loss a RandomStream`);
  return stream;
}

/** Returns the miner of a name; undefined without a name. */
export function minerOf(name: string | null | undefined, stream: RandomStream | undefined): Miner | undefined {
  if (name === null || name === undefined) return undefined;
  if (!isNameOf(miners, name)) throw unknown('batch_mining', name, Object.keys(miners));
  const source = streamFor(name, stream);
  return (student, teacher, n) => miners[name](student, teacher, n, source);
}

export const studentRows = (data: Float32Array, d: number): HostRows => ({ data, first: 0, step: d, size: d });

export const teacherRowsOf = ({ data, count, size }: TeacherEmbeddings, index: number): HostRows => ({
  data,
  first: index * size,
  step: count * size,
  size,
});

/** Reads the teachers' embeddings from a tensor into host memory. */
export function teacherEmbeddings(teachers: tf.Tensor3D): TeacherEmbeddings {
  return { data: teachers.dataSync() as Float32Array, count: teachers.shape[1], size: teachers.shape[2] };
}

/** Returns column c of triplets `[m, 3]`. */
export const column = (triplets: Int32Array, c: number): tf.Tensor1D =>
  tf.tensor1d(
    triplets.filter((_, at) => at % 3 === c),
    'int32',
  );
