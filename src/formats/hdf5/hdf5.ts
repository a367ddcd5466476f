import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { deserialize } from 'node:v8';
import { UsageError } from '../../errors.js';
import { builtFile } from '../../assets.js';
import { withFileSource } from '../byte-source.js';
import { invalidFile, printable } from '../file-bytes.js';
import type { RawDataset } from './hdf5-datasets.js';
import { elementCount, type DType, type NdArray, type NdData } from '../nd-array.js';

/** Numbers (booleans as 0 and 1), or texts in C order. */
export type Hdf5Value =
  | ({ readonly kind: 'numeric' } & NdArray)
  | { readonly kind: 'text'; readonly shape: readonly number[]; readonly values: readonly string[] }
  | { readonly kind: 'other'; readonly description: string };

const mostFileBytes = 2 ** 30;
const mostAnswerBytes = 2 ** 30;
/**
 * Limit of processor time for a file: these seconds, and one for so many bytes; a busy machine has ten times as long.
 */
const patience = { seconds: 7, bytesPerSecond: 2 ** 23, busy: 10 };
/** Memory of JavaScript in MiB; the library's own memory is limited in hdf5-datasets.ts. */
const mostHeap = 512;
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

/** The request to the process that reads. */
export interface Question {
  readonly file: string;
  readonly names: readonly string[];
  /** Processor time after which it ends. */
  readonly seconds: number;
}

interface Answer {
  readonly values?: readonly (readonly [name: string, value: RawDataset])[];
  /** The library's report. */
  readonly error?: string;
  /** A message for the user, to be shown unchanged. */
  readonly usage?: string;
}

/**
 * Reads data sets at the top of an HDF5 file by name; those that do not exist are not in the result. No other file is
 * opened, even if links lead to one.
 *
 * @throws UsageError where the file is missing, no HDF5 file, damaged or larger than 1 GiB, or a data set is larger
 *   than 256 MiB or too large for the size of the file
 *
 * Source: the HDF5 library, as WebAssembly in h5wasm.
 */
export function readHdf5(file: string, names: readonly string[]): Map<string, Hdf5Value> {
  const size = withFileSource(file, (source) => {
    const start = source.read(0, Math.min(source.length, SIGNATURE.length));
    if (SIGNATURE.some((byte, i) => start[i] !== byte)) throw invalidFile(file, 'not an HDF5 file');
    if (source.length > mostFileBytes)
      throw new UsageError(`cannot read ${file}: ${source.length} bytes; the most is ${mostFileBytes}`);
    return source.length;
  });
  const seconds = patience.seconds + Math.ceil(size / patience.bytesPerSecond);
  const answer = askProcess({ file: resolve(file), names, seconds });
  if (answer.usage !== undefined) throw new UsageError(answer.usage);
  if (answer.values === undefined) throw invalidFile(file, complaint(answer.error));
  return new Map(answer.values.map(([name, raw]) => [name, valueOf(raw, `${file}/${name}`)]));
}

/** Returns the last line of the library's report, which names the problem. */
function complaint(error = 'damaged'): string {
  const lines = [...error.matchAll(/^ *#\d+: .*? in \w+\(\): (.*)$/gm)];
  return printable(lines.at(-1)?.[1] ?? error, 120);
}

/** Starts a process with limited memory and time that reads the file. */
function askProcess(question: Question): Answer {
  const program = builtFile('formats', 'hdf5', 'hdf5-process.js');
  const { stdout, status, signal } = spawnSync(process.execPath, [`--max-old-space-size=${mostHeap}`, program], {
    input: JSON.stringify(question),
    // The library writes many lines about damaged files.
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: mostAnswerBytes,
    timeout: question.seconds * patience.busy * 1000,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  if (status === 0) return deserialize(stdout) as Answer;
  const how = signal ?? status ?? 'not started';
  return { error: `it cannot be read, or not within ${question.seconds} s of work (${how})` };
}

function valueOf(raw: RawDataset, place: string): Hdf5Value {
  if ('kind' in raw) return { kind: 'other', description: raw.kind };
  const { shape } = raw;
  const length = 'data' in raw ? (raw.data as NdData).length : raw.texts.length;
  if (length !== elementCount(shape))
    throw invalidFile(place, `${length} values where its shape says ${shape.join(' x ')}`);
  if ('texts' in raw) return { kind: 'text', shape, values: raw.texts };
  const dtype = dtypes[raw.data.constructor.name];
  return dtype === undefined
    ? { kind: 'other', description: 'unknown numbers' }
    : { kind: 'numeric', dtype, shape, data: raw.data as NdData };
}
