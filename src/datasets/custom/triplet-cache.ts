import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { cacheFolder } from './cache-folder.js';
import { writeFileAtomic } from '../../files.js';
import { decodeSafetensors, encodeSafetensors } from '../../formats/safetensors.js';
import { toBytes } from '../../formats/nd-array.js';
import type { DataFolder } from '../data-folder.js';
import type { CustomTriplets } from './triplet-rows.js';

/** The version of the reader; it changes whenever the same file would be read differently. */
const READER = '2';
const ENDING = '.safetensors';

export interface TripletCacheOptions {
  /** The folder of the cache (default `~/.cache/tripletlab/triplets`). */
  readonly cache?: string;
  /** Files smaller than this are not cached, since they are read faster than looked up (default 16 MiB). */
  readonly leastBytes?: number;
  /** The number of files that are kept, the newest ones (default 8). */
  readonly most?: number;
}

const defaults = { leastBytes: 2 ** 24, most: 8 };

/**
 * Returns the triplets of a file, from a cache if the same bytes were read before for pictures of the same names.
 *
 * A damaged cache entry is not used; where the cache cannot be written, nothing is kept.
 *
 * @param read reads the file's bytes
 */
export function cachedTriplets(
  folder: DataFolder,
  name: string,
  pictures: readonly string[],
  read: (bytes: Buffer) => CustomTriplets,
  options: TripletCacheOptions = {},
): CustomTriplets {
  const { leastBytes, most } = { ...defaults, ...options };
  const size = statSync(folder.path(name), { throwIfNoEntry: false })?.size ?? 0;
  const cache = options.cache ?? cacheFolder('triplets');
  if (size < leastBytes || cache === null) return read(folder.read(name));
  const kept = load(cache, keyOf(folder.digest(name), pictures), pictures.length);
  if (kept !== null) {
    folder.file(name);
    return kept;
  }
  const bytes = folder.read(name);
  const triplets = read(bytes);
  // The key is that of the bytes that were read: the file may have changed since it was looked up.
  store(cache, keyOf(createHash('sha256').update(bytes).digest('hex'), pictures), triplets, most);
  return triplets;
}

function keyOf(digest: string, pictures: readonly string[]): string {
  const hash = createHash('sha256').update(`${READER}\0${digest}`);
  for (const picture of pictures) hash.update(`\0${picture}`);
  return hash.digest('hex');
}

const sayings = z.object({
  directed: z.boolean().nullable(),
  notes: z.array(z.string()),
  names: z.array(z.string()).optional(),
});

/** Loads an entry; null where it does not exist, is damaged, or holds something else. */
function load(cache: string, key: string, pictures: number): CustomTriplets | null {
  try {
    const { tensors, metadata } = decodeSafetensors(readFileSync(join(cache, `${key}${ENDING}`)), key);
    const { dtype, data } = tensors.get('triplets')!;
    if (metadata['key'] !== key || dtype !== 'int32' || data.length % 3 !== 0) return null;
    const triplets = data as Int32Array;
    const said = metadata['said'];
    const numbers = tensors.get('persons')?.data as Int32Array | undefined;
    if (metadata['crc'] !== checksum(triplets, said, numbers)) return null;
    if (!triplets.every((picture) => picture >= 0 && picture < pictures)) return null;
    const { names, ...rest } = sayings.parse(JSON.parse(said));
    return { triplets, ...rest, ...(names && numbers ? { persons: { numbers, names } } : {}) };
  } catch {
    return null;
  }
}

function store(cache: string, key: string, read: CustomTriplets, most: number): void {
  const { triplets, persons, ...said } = read;
  try {
    const text = JSON.stringify({ ...said, names: persons?.names });
    const metadata = { key, said: text, crc: checksum(triplets, text, persons?.numbers) };
    const array = (data: Int32Array) => ({ dtype: 'int32', shape: [data.length], data }) as const;
    const tensors = [
      ['triplets', array(triplets)] as const,
      ...(persons === undefined ? [] : [['persons', array(persons.numbers)] as const]),
    ];
    writeFileAtomic(join(cache, `${key}${ENDING}`), ...encodeSafetensors(tensors, metadata));
    prune(cache, most);
  } catch {
    // Nothing was cached: the next command reads the file again.
  }
}

function checksum(triplets: Int32Array, said: string, persons?: Int32Array): string {
  const bytes = (data: Int32Array) => toBytes({ dtype: 'int32', shape: [data.length], data });
  // The crc32 of no bytes is 0, whatever came before, so empty parts are left out.
  const parts = persons?.length ? [triplets, persons] : [triplets];
  return String(
    crc32(
      said,
      parts.reduce((crc, part) => crc32(bytes(part), crc), 0),
    ),
  );
}

/** Removes all but the newest files of the cache, and remains of killed processes that are an hour old. */
function prune(cache: string, most: number): void {
  const files = readdirSync(cache)
    .map((name) => ({ name, time: statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.time - a.time);
  const old = files.filter(({ name }) => name.endsWith(ENDING)).slice(most);
  const remains = files.filter(({ name, time }) => name.endsWith('.tmp') && time < Date.now() - 3.6e6);
  for (const { name } of [...old, ...remains]) rmSync(join(cache, name), { force: true });
}
