import { UsageError } from '../../errors.js';
import { memorySource, CHUNK_BYTES, withFileSource, type ByteSource } from '../byte-source.js';
import { invalidFile, printable } from '../file-bytes.js';
import type { NdArray } from '../nd-array.js';
import { readLegacyTorch } from './torch-legacy.js';
import { unpickle } from './torch-pickle.js';
import { stateDictOf } from './torch-state-dict.js';
import { Storages } from './torch-storages.js';
import { TensorReader } from './torch-tensor.js';
import { endsAsZip } from '../zip/zip-directory.js';
import { readZip } from '../zip/zip.js';

const defaults = {
  /** Up to this size a file is read at once, and tensors are views of it; of a larger one each storage is read. */
  whole: CHUNK_BYTES,
};

/** Does `torch.save` write files of this name: `.pth`, `.pt`, `.bin`, `.ckpt` of Lightning, `.pth.tar`? */
export function isTorchName(file: string): boolean {
  return /\.(pth|pt|bin|ckpt|pth\.tar|pt\.tar)$/i.test(file);
}

/**
 * Reads the tensors of a state dict that `torch.save` wrote (`.pth`, `.pt`, `.bin`), by name, in order. Of a trainer's
 * checkpoint it reads those of the state dict in it.
 *
 * Both forms are read: the zip archive (PyTorch 1.6 on) and the older pickle. Only tensors and plain containers are
 * rebuilt; a file that names anything else is refused, and none of its code is run. Tensors are views of the file's
 * bytes in memory where possible. bfloat16 becomes float32.
 *
 * @throws UsageError where the file is missing, damaged, hostile, or holds no state dict
 *
 * Source: torch/serialization.py.
 */
export function readTorch(file: string, options: Partial<typeof defaults> = {}): Map<string, NdArray> {
  const { whole } = { ...defaults, ...options };
  return withFileSource(file, (source) =>
    read(source.length > whole ? source : memorySource(source.read(0, source.length)), file),
  );
}

/** Decodes the tensors in the bytes of a `.pth` file, which are not changed; `name` is the file's name in errors. */
export function decodeTorch(bytes: Uint8Array, name: string): Map<string, NdArray> {
  return read(memorySource(new Uint8Array(bytes)), name);
}

/** Reads the tensors of a source. Bytes in memory of the older form are moved, so that tensors can be views of them. */
function read(source: ByteSource, file: string): Map<string, NdArray> {
  const start = source.read(0, Math.min(2, source.length));
  const isZip = (start[0] === 0x50 && start[1] === 0x4b) || (start[0] !== 0x80 && endsAsZip(source));
  const value = isZip ? readArchive(source, file) : readLegacyTorch(source, file);
  const reader = new TensorReader(file, source.length);
  const tensors = new Map<string, NdArray>();
  for (const [name, tensor] of stateDictOf(value, file)) tensors.set(name, reader.read(tensor, name));
  return tensors;
}

function readArchive(source: ByteSource, file: string): unknown {
  const entries = new Map(readZip(source, file).map((entry) => [entry.name, entry]));
  const pickles = [...entries.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickles.length !== 1) throw new UsageError(`cannot read ${file}: a zip archive, but not of torch.save`);
  const root = pickles[0].slice(0, -'data.pkl'.length);
  const order = entries.get(`${root}byteorder`);
  if (order !== undefined && Buffer.from(order.read()).toString().trim() !== 'little')
    throw new UsageError(`cannot read ${file}: written on a big-endian machine; save it on another`);
  const storages = new Storages(file, source.length, (key) => {
    const entry = entries.get(`${root}data/${key}`);
    if (entry === undefined) throw invalidFile(file, `storage ${printable(key)} is missing`);
    return entry.read();
  });
  return unpickle(entries.get(pickles[0])!.read(), 0, storages).value;
}
