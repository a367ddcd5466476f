import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { byteChunks } from '../formats/nd-array.js';
import { subsets, type ClassDataset, type ItemDataset, type TripletDataset } from './dataset.js';

/** Pictures of at most this many bytes together are hashed by their bytes, others by their names and sizes. */
const CHEAP = 2 ** 26;

/** Returns 16 hexadecimal digits of the SHA-256 of what `feed` puts into the hash. */
export function digestOf(feed: (hash: Hash) => void): string {
  const hash = createHash('sha256');
  feed(hash);
  return hash.digest('hex').slice(0, 16);
}

function addValues(hash: Hash, data: Int32Array | Float32Array): void {
  for (const chunk of byteChunks({ data })) hash.update(chunk);
}

/**
 * Computes a digest of a data set's labels: classes, splits and triplets, as they were parsed.
 *
 * Files that were moved, renamed or written in another way have the same digest; a changed answer gives another.
 */
export function labelsDigest(dataset: TripletDataset | ClassDataset): string {
  return digestOf((hash) => {
    const add = (name: string, values: Int32Array): void => {
      hash.update(`${name} ${values.length}\n`);
      addValues(hash, values);
    };
    add(
      'classes',
      Int32Array.from(dataset.items, (item) => item.class),
    );
    for (const subset of subsets) add(subset, dataset.instances[subset]);
    if (!('triplets' in dataset)) return;
    add(dataset.directed ? 'directed' : 'undirected', dataset.prototypes);
    for (const subset of subsets) add(`${subset} triplets`, dataset.triplets[subset]);
  });
}

/** Computes a digest of an array of embeddings, by its shape and values. */
export function embeddingsDigest(shape: readonly number[], values: Float32Array): string {
  return digestOf((hash) => {
    hash.update(`${shape.join(' ')}\n`);
    addValues(hash, values);
  });
}

/**
 * Computes a digest of the pictures of items: by their paths below the data's root and by their bytes, or by their
 * sizes where they are large; undefined where pictures are drawn by code, so that the settings identify them.
 *
 * @param sizes of the files, in bytes; one that cannot be read has none
 */
export function picturesDigest({ items, facts }: ItemDataset, sizes: ReadonlyMap<number, number>): string | undefined {
  const { root } = facts;
  if (root === null || sizes.size === 0) return undefined;
  let total = 0;
  for (const size of sizes.values()) total += size;
  return digestOf((hash) => {
    for (const [item, size] of sizes) {
      const file = items[item].file!;
      const name = relative(root, file).split(sep).join('/').normalize('NFC');
      hash.update(`${item} ${name} ${size}\n`);
      if (total <= CHEAP) addFile(hash, file);
    }
  });
}

const block = Buffer.alloc(2 ** 18);

/** Puts a file's bytes into a hash, part by part. */
export function addFile(hash: Hash, file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    for (let read = 1; read > 0;) {
      read = readSync(descriptor, block);
      hash.update(block.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}
