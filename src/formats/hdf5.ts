import { resolve } from 'node:path';
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import { builtFile } from '../paths.js';
import { fileBytes, invalidFile, printable } from './file-bytes.js';
import { elementCount, type DType, type NdArray, type NdData } from './nd-array.js';

/** Numbers (booleans as 0 and 1), or texts in C order. */
export type Hdf5Value =
  | ({ readonly kind: 'numeric' } & NdArray)
  | { readonly kind: 'text'; readonly shape: readonly number[]; readonly values: readonly string[] }
  | { readonly kind: 'other'; readonly description: string };

const mostBytes = 2 ** 28; // of one data set
const patience = 120_000; // ms
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

const dtypes: Readonly<Record<string, DType | undefined>> = {
  Float64Array: 'float64',
  Float32Array: 'float32',
  BigInt64Array: 'int64',
  Int32Array: 'int32',
  Int16Array: 'int16',
  Int8Array: 'int8',
  BigUint64Array: 'uint64',
  Uint32Array: 'uint32',
  Uint16Array: 'uint16',
  Uint8Array: 'uint8',
};

type Raw =
  | { readonly shape: readonly number[]; readonly data: NdData }
  | { readonly shape: readonly number[]; readonly texts: readonly string[] }
  | { readonly kind: string };

interface Answer {
  readonly values?: readonly (readonly [name: string, value: Raw])[];
  readonly error?: string;
}

/**
 * Reads data sets at the top of an HDF5 file by name; those that are not there are not in the answer.
 *
 * @throws UsageError where the file is missing, no HDF5 file, damaged, or a data set is of more than 256 MiB
 *
 * Source: the HDF5 library, as WebAssembly in h5wasm.
 */
export function readHdf5(file: string, names: readonly string[]): Map<string, Hdf5Value> {
  const signature = fileBytes(file).subarray(0, SIGNATURE.length);
  if (SIGNATURE.some((byte, i) => signature[i] !== byte)) throw invalidFile(file, 'not an HDF5 file');
  const answer = askWorker(file, names);
  if (answer.values === undefined) throw invalidFile(file, complaint(answer.error));
  return new Map(answer.values.map(([name, raw]) => [name, valueOf(raw, `${file}/${name}`)]));
}

/** The last line of the library's report, which says what it stumbled over. */
function complaint(error = 'damaged'): string {
  const lines = [...error.matchAll(/^ *#\d+: .*? in \w+\(\): (.*)$/gm)];
  return printable(lines.at(-1)?.[1] ?? error, 120);
}

/** Lets a thread read while this one sleeps. */
function askWorker(file: string, names: readonly string[]): Answer {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(builtFile('formats', 'hdf5-worker.js'), {
    execArgv: [],
    // The library writes pages about damaged files.
    stdout: true,
    stderr: true,
    workerData: { file: resolve(file), names, mostBytes, port: port2, signal },
    transferList: [port2],
  });
  try {
    if (Atomics.wait(signal, 0, 0, patience) === 'timed-out')
      return { error: `the HDF5 library gave no answer in ${patience / 1000} s` };
    return (receiveMessageOnPort(port1)?.message ?? {}) as Answer;
  } finally {
    port1.close();
    void worker.terminate();
  }
}

function valueOf(raw: Raw, place: string): Hdf5Value {
  if ('kind' in raw) return { kind: 'other', description: raw.kind };
  const { shape } = raw;
  const length = 'data' in raw ? raw.data.length : raw.texts.length;
  if (length !== elementCount(shape))
    throw invalidFile(place, `${length} values where its shape says ${shape.join(' x ')}`);
  if ('texts' in raw) return { kind: 'text', shape, values: raw.texts };
  const dtype = dtypes[raw.data.constructor.name];
  return dtype === undefined
    ? { kind: 'other', description: 'unknown numbers' }
    : { kind: 'numeric', dtype, shape, data: raw.data };
}
