import { invalidFile, printable } from '../file-bytes.js';
import { isSize, torchGlobals, type TypeGlobal } from './torch-globals.js';
import type { PickleContext } from './torch-pickle.js';
import { torchItemSize, type TorchStorage, type TorchType } from './torch-tensor.js';

interface Known extends TorchStorage {
  /** Its size in bytes. */
  readonly size: number;
}

/** The storages that the pickle of one file names, each once. */
export class Storages implements PickleContext {
  readonly globals: PickleContext['globals'];
  private readonly known = new Map<string, Known>();

  /**
   * @param fileSize bytes of the file, which limit what its pickle may do
   * @param load returns the bytes of a storage, from a multiple of 8 on where possible; too few where it is cut short
   */
  constructor(
    readonly file: string,
    readonly fileSize: number,
    private readonly load: (key: string, needed: number) => Uint8Array,
  ) {
    this.globals = torchGlobals(file);
  }

  get(key: unknown): Known | undefined {
    return typeof key === 'string' ? this.known.get(key) : undefined;
  }

  /**
   * Finds a storage by `('storage', class, key, device, length)`, in old files also `(key, offset, length)` or none.
   */
  persistent(id: unknown): TorchStorage {
    const [kind, global, key, , length, part] = (Array.isArray(id) ? id : []) as unknown[];
    const type = (global as TypeGlobal | null | undefined)?.type;
    if (kind !== 'storage' || type === undefined || typeof key !== 'string' || !isSize(length))
      throw invalidFile(this.file, 'it names a storage in an unknown way');
    const storage = this.known.get(key) ?? this.open(key, type, length);
    if (storage.type !== type || storage.length !== length)
      throw invalidFile(this.file, `storage ${printable(key)} is described in two ways`);
    if (part === undefined || part === null) return storage;
    const [, offset, count] = (Array.isArray(part) ? part : []) as unknown[];
    if (!isSize(offset) || !isSize(count) || offset + count > length)
      throw invalidFile(this.file, `a part of storage ${printable(key)} does not lie in it`);
    const size = torchItemSize(type);
    const bytes = (): Uint8Array => aligned(storage.bytes().subarray(offset * size, (offset + count) * size));
    return { key, type, length: count, bytes };
  }

  private open(key: string, type: TorchType, length: number): Known {
    const size = length * torchItemSize(type);
    let content: Uint8Array | undefined;
    const bytes = (): Uint8Array => {
      content ??= aligned(this.load(key, size));
      if (content.length < size) throw invalidFile(this.file, `storage ${printable(key)} is cut short`);
      return content;
    };
    const storage = { key, type, length, size, bytes };
    this.known.set(key, storage);
    return storage;
  }
}

/** Returns the bytes from a multiple of 8 on, so that elements of any size are aligned. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}
