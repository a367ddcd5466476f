import { Dataset, File, FS, ready } from 'h5wasm';

/** A data set as the library gives it: numbers, texts, or what it is instead. */
export type RawDataset =
  | { readonly shape: readonly number[]; readonly data: ArrayBufferView }
  | { readonly shape: readonly number[]; readonly texts: readonly string[] }
  | { readonly kind: string };

const NUMBER = [0, 1, 8]; // H5T_INTEGER, H5T_FLOAT, H5T_ENUM (booleans)
const TEXT = 3; // H5T_STRING
/** Pages of 64 KiB: a damaged or hostile file can ask for all memory there is. */
const mostPages = 2 ** 13;
/** Bytes of a data set that a file may mean whatever its size, and how many times its size. */
const limits = { always: 2 ** 26, ratio: 32, most: 2 ** 28 };
let count = 0;

/** Of emscripten: `canOwn` keeps the bytes where they are. */
interface OwningFileSystem {
  writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void;
}

limitMemory();

/**
 * Reads data sets at the top of the HDF5 file whose bytes are given; those that are not there are not in the answer.
 *
 * The library sees a file system of its own in which there is nothing else: links and data sets that lead to other files
 * find none.
 *
 * @throws Error with the library's report where the file is damaged
 */
export async function readDatasets(bytes: Uint8Array, names: readonly string[]): Promise<[string, RawDataset][]> {
  const library = await ready;
  library.activate_throwing_error_handler();
  // The library may keep a damaged file open: the next one is another.
  const path = `/${count++}.hdf5`;
  (FS as OwningFileSystem).writeFile(path, bytes, { canOwn: true });
  const most = Math.min(limits.most, Math.max(limits.always, limits.ratio * bytes.length));
  const opened = new File(path, 'r');
  if (opened.file_id < 0n) throw new Error('not an HDF5 file, or damaged');
  try {
    const there = new Set(opened.keys());
    return names.filter((name) => there.has(name)).map((name) => [name, valueOf(opened.get(name), most)]);
  } finally {
    opened.close();
  }
}

/** The library's memory grows by this one call. */
function limitMemory(): void {
  const memory = WebAssembly.Memory.prototype;
  const grow = memory.grow;
  memory.grow = function (pages: number): number {
    if (this.buffer.byteLength / 65536 + pages > mostPages) throw new RangeError('too much memory');
    return grow.call(this, pages);
  };
}

function valueOf(entry: ReturnType<File['get']>, most: number): RawDataset {
  if (!(entry instanceof Dataset)) return { kind: entry === null ? 'empty' : entry.constructor.name };
  const { type, shape, size, total_size: length, vlen } = entry.metadata;
  if (shape === null) return { kind: 'empty' };
  if (!(length * size <= most))
    throw new Error(`a data set of ${length * size} bytes; the most for this file is ${most}`);
  const plain = NUMBER.includes(type) && !vlen;
  if (!plain && type !== TEXT) return { kind: 'other' };
  const value: unknown = entry.value;
  if (type === TEXT) {
    const texts = Array.isArray(value) ? (value as unknown[]).flat(Infinity).map(String) : [String(value)];
    // Texts of any length are stored apart, and many may be the same one.
    if (texts.reduce((sum, { length: characters }) => sum + characters, 0) > most)
      throw new Error(`a data set of more than ${most} characters`);
    return { shape, texts };
  }
  if (ArrayBuffer.isView(value)) return { shape, data: value };
  const values = ([value] as unknown[]).flat(Infinity) as (bigint | number)[];
  const big = values.some((one) => typeof one === 'bigint');
  return { shape, data: big ? BigInt64Array.from(values, BigInt) : Float64Array.from(values, Number) };
}
