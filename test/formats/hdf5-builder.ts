import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { File, ready } from 'h5wasm/node';

/** A data set of an HDF5 file: numbers, or texts of one length. */
export type Content =
  { readonly data: Int32Array | BigInt64Array | Float64Array; readonly shape: number[] } | { readonly texts: string[] };

/** The bytes of an HDF5 file with these data sets, written by the HDF5 library. */
export async function hdf5(contents: Readonly<Record<string, Content>>): Promise<Buffer> {
  return written((file) => {
    for (const [name, content] of Object.entries(contents))
      if ('texts' in content)
        file.create_dataset({ name, data: content.texts, shape: [content.texts.length], dtype: 'S64' });
      else file.create_dataset({ name, data: content.data, shape: content.shape });
  });
}

/** A file whose data set `x` of so many bytes was never written. */
export async function resizedHdf5(length: number): Promise<Buffer> {
  return written((file) => {
    const data = new Int8Array(1000);
    file.create_dataset({ name: 'x', data, shape: [1000], maxshape: [null], chunks: [1000] }).resize([length]);
  });
}

/** A file whose `x` is the data set `x` of another file, by its path. */
export async function linkedHdf5(path: string): Promise<Buffer> {
  return written((file) => {
    file.create_external_link(path, 'x', 'x');
    file.create_soft_link('/x', 'soft');
  });
}

async function written(fill: (file: File) => void): Promise<Buffer> {
  await ready;
  const path = join(tmpdir(), `tripletlab-${process.pid}-${Math.floor(performance.now() * 1e6)}.hdf5`);
  try {
    const file = new File(path, 'w');
    fill(file);
    file.close();
    return readFileSync(path);
  } finally {
    rmSync(path, { force: true });
  }
}
