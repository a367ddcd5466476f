// Reads data sets of one HDF5 file in a thread of its own and posts them, an `Answer` of hdf5.ts: the HDF5 library starts
// asynchronously, which no caller needs to know.
import { Dataset, File, ready } from 'h5wasm/node';
import { workerData, type MessagePort } from 'node:worker_threads';

const { file, names, mostBytes, port, signal } = workerData as {
  file: string;
  names: readonly string[];
  mostBytes: number;
  port: MessagePort;
  signal: Int32Array;
};
const NUMBER = [0, 1, 8]; // H5T_INTEGER, H5T_FLOAT, H5T_ENUM (booleans)
const TEXT = 3; // H5T_STRING

type Nested = unknown[];

function valueOf(entry: ReturnType<File['get']>): unknown {
  if (!(entry instanceof Dataset)) return { kind: entry === null ? 'empty' : entry.constructor.name };
  const { type, shape, size, total_size: length, vlen } = entry.metadata;
  if (shape === null) return { kind: 'empty' };
  if (length * size > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
  const plain = NUMBER.includes(type) && !vlen;
  if (!plain && type !== TEXT) return { kind: 'other' };
  const value: unknown = entry.value;
  if (type === TEXT)
    return { shape, texts: Array.isArray(value) ? (value as Nested).flat(Infinity).map(String) : [String(value)] };
  if (ArrayBuffer.isView(value)) return { shape, data: value };
  const values = ([value] as Nested).flat(Infinity) as (bigint | number)[];
  const big = values.some((one) => typeof one === 'bigint');
  return { shape, data: big ? BigInt64Array.from(values, BigInt) : Float64Array.from(values, Number) };
}

async function read(): Promise<unknown> {
  const library = await ready;
  library.activate_throwing_error_handler();
  const opened = new File(file, 'r');
  if (opened.file_id < 0n) throw new Error('not an HDF5 file, or damaged');
  try {
    const there = new Set(opened.keys());
    return names.filter((name) => there.has(name)).map((name) => [name, valueOf(opened.get(name))]);
  } finally {
    opened.close();
  }
}

void read()
  .then(
    (values) => ({ values }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
  )
  .then((answer) => {
    port.postMessage(answer);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
