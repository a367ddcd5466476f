import { Dataset, File, FS, ready } from 'h5wasm';

/** A data set as the library gives it: numbers, texts, or the name of another kind. */
export type RawDataset =
  | { readonly shape: readonly number[]; readonly data: ArrayBufferView }
  | { readonly shape: readonly number[]; readonly texts: readonly string[] }
  | { readonly kind: string };

const NUMBER = [0, 1, 8]; // H5T_INTEGER, H5T_FLOAT, H5T_ENUM (booleans)
const TEXT = 3; // H5T_STRING
/** Most memory, in pages of 64 KiB: a damaged or hostile file can ask for all there is. */
const mostPages = 2 ** 13;
/** Bytes that a data set may have whatever the file's size, their ratio to the file's size, and the maximum. */
const limits = { always: 2 ** 26, ratio: 32, most: 2 ** 28 };
let count = 0;

/** Part of emscripten's interface: `canOwn` keeps the bytes without a copy. */
interface OwningFileSystem {
  writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void;
}

limitMemory();

/**
 * Reads data sets at the top of the HDF5 file with these bytes; those that do not exist are not in the result.
 *
 * The library gets a file system of its own that contains nothing else: links and data sets that lead to other files
 * find none.
 *
 * @throws Error with the library's report where the file is damaged
 */
export async function readDatasets(bytes: Uint8Array, names: readonly string[]): Promise<[string, RawDataset][]> {
  const library = await ready;
  library.activate_throwing_error_handler();
  // The library may keep a damaged file open, so each file has a new name.
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

/** Limits the library's memory at the one call by which it grows. */
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
    // Texts of any length are stored separately, and many may refer to the same one.
    if (texts.reduce((sum, { length: characters }) => sum + characters, 0) > most)
      throw new Error(`a data set of more than ${most} characters`);
    return { shape, texts };
  }
  if (ArrayBuffer.isView(value)) return { shape, data: value };
  const values = ([value] as unknown[]).flat(Infinity) as (bigint | number)[];
  const big = values.some((one) => typeof one === 'bigint');
  return { shape, data: big ? BigInt64Array.from(values, BigInt) : Float64Array.from(values, Number) };
}
