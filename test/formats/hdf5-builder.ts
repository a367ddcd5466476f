import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { File, ready } from 'h5wasm/node';

/** A data set of an HDF5 file: numbers, or texts of one length. */
export type Content =
  { readonly data: Int32Array | BigInt64Array | Float64Array; readonly shape: number[] } | { readonly texts: string[] };

/** The bytes of an HDF5 file with these data sets, written by the HDF5 library. */
export async function hdf5(contents: Readonly<Record<string, Content>>): Promise<Buffer> {
  await ready;
  const path = join(tmpdir(), `tripletlab-${process.pid}-${Math.floor(performance.now() * 1e6)}.hdf5`);
  try {
    const file = new File(path, 'w');
    for (const [name, content] of Object.entries(contents))
      if ('texts' in content)
        file.create_dataset({ name, data: content.texts, shape: [content.texts.length], dtype: 'S64' });
      else file.create_dataset({ name, data: content.data, shape: content.shape });
    file.close();
    return readFileSync(path);
  } finally {
    rmSync(path, { force: true });
  }
}
