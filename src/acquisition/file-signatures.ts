import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** Bytes that files of a format have at a position near their start; one of several alternatives. */
interface Mark {
  readonly names: RegExp;
  readonly format: string;
  readonly at: number;
  readonly bytes: readonly string[];
}

const marks: readonly Mark[] = [
  { names: /\.(hdf5|h5)$/i, format: 'HDF5', at: 0, bytes: ['\x89HDF'] },
  { names: /\.mat$/i, format: 'MAT', at: 126, bytes: ['IM', 'MI'] },
  { names: /\.(npz|zip)$/i, format: 'zip', at: 0, bytes: ['PK'] },
  { names: /\.npy$/i, format: 'npy', at: 0, bytes: ['\x93NUMPY'] },
  { names: /\.(gz|tgz)$/i, format: 'gzip', at: 0, bytes: ['\x1f\x8b'] },
  { names: /\.tar$/i, format: 'tar', at: 257, bytes: ['ustar'] },
];
const text = /\.(txt|csv|tsv|json|md|yaml)$/i;

/**
 * Tells why a file cannot be what its name says, or null: this can be told of a file without a size and a checksum.
 *
 * @param name its later name, where that differs
 */
export function unreadable(path: string, name = basename(path)): string | null {
  const mark = marks.find(({ names }) => names.test(name));
  if (mark === undefined && !text.test(name)) return null;
  if (statSync(path).size === 0) return 'it is empty';
  const beginning = firstBytes(path, 512);
  if (/^\s*<(!doctype html|html)\b/i.test(beginning)) return 'it is a web page';
  if (mark === undefined) return null;
  const fits = mark.bytes.some((bytes) => beginning.startsWith(bytes, mark.at));
  return fits ? null : `it is no ${mark.format} file`;
}

function firstBytes(path: string, count: number): string {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, count, 0));
  } finally {
    closeSync(descriptor);
  }
}
