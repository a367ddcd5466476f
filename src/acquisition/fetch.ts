import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError, unknown } from '../errors.js';
import { makeFolder, pathInside } from '../files.js';
import { lockWhenFree } from '../locks/index.js';
import { download, downloadUnlessThere, type DownloadOptions } from './download.js';
import { isPattern, type Manifest, type ManifestArchive } from './manifest.js';
import { unpack } from './unpack.js';
import { compareContents, verify, type FileCheck } from './verify.js';

export interface FetchOptions extends Pick<DownloadOptions, 'attempts' | 'pause' | 'stall'> {
  /** The wanted files of the manifest, by their paths (default: all). */
  readonly only?: readonly string[];
  /** Called before each download and unpacking, with the file. */
  onStep?(action: 'download' | 'unpack', file: string): void;
  /** Called where another process is working on a file, and this one waits. */
  onWait?(holder: string, file: string): void;
  /** Called with the number of bytes, or when unpacking of files, that are done, and of all bytes where known. */
  onProgress?(done: number, total: number | null): void;
}

/** What a fetch changed, and what still differs from the manifest. */
export interface FetchReport {
  /** The files that were downloaded, and for archives how many files they gave. */
  readonly fetched: string[];
  /** One line for each download that failed. */
  readonly failed: string[];
  /** The wanted files that are still missing or wrong. */
  readonly left: FileCheck[];
}

/**
 * Downloads the missing files of a data set that may be downloaded; files that exist are never changed.
 *
 * Interrupted downloads are resumed; an archive is removed once it is unpacked. If one download fails, the others are
 * still made.
 *
 * @param root where the data set goes
 * @throws UsageError where a wanted file is not in the manifest
 */
export async function fetchData(manifest: Manifest, root: string, options: FetchOptions = {}): Promise<FetchReport> {
  const wanted = wantedFiles(manifest, options.only ?? []);
  const fetched: string[] = [];
  const failed: string[] = [];
  const attempt = async (get: () => Promise<string | undefined>): Promise<void> => {
    try {
      const done = await get();
      if (done !== undefined) fetched.push(done);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      failed.push(error.message);
    }
  };
  const findMissing = async (): Promise<FileCheck[]> =>
    (await verify(manifest, root, { checksums: false })).filter(
      ({ path, status }) => wanted.has(path) && (status === 'missing' || status === 'wrong count'),
    );
  const missing = await findMissing();
  for (const entry of manifest.files) {
    if (isPattern(entry) || entry.url === undefined || !missing.some(({ path }) => path === entry.path)) continue;
    const { url, path } = entry;
    await attempt(async () => {
      const file = pathInside(root, path);
      if (existsSync(file)) return undefined; // another process downloaded it meanwhile
      options.onStep?.('download', path);
      return (await downloadUnlessThere(url, file, entry, downloading(path, options))) ? path : undefined;
    });
  }
  for (const archive of manifest.archives ?? []) {
    // Whole archives are not downloaded for optional files.
    const isNeeded = (check: FileCheck): boolean => check.problem && gives(archive, check.path);
    if (missing.some(isNeeded))
      await attempt(() => fetchArchive(archive, root, options, async () => (await findMissing()).some(isNeeded)));
  }
  const left = (await verify(manifest, root, { checksums: false })).filter(
    (check) => check.problem && wanted.has(check.path),
  );
  return { fetched, failed, left };
}

function wantedFiles(manifest: Manifest, only: readonly string[]): Set<string> {
  const paths = manifest.files.map((entry) => (isPattern(entry) ? entry.pattern : entry.path));
  for (const path of only) if (!paths.includes(path)) throw unknown(`file of ${manifest.name}`, path, paths);
  return new Set(only.length > 0 ? only : paths);
}

const downloading = (file: string, { onWait, ...options }: FetchOptions): DownloadOptions => ({
  ...options,
  onWait: (holder) => onWait?.(holder, file),
});

/** Downloads and unpacks an archive, unless another process does so first. */
async function fetchArchive(
  archive: ManifestArchive,
  root: string,
  options: FetchOptions,
  isNeeded: () => Promise<boolean>,
): Promise<string | undefined> {
  const file = pathInside(root, archive.file);
  makeFolder(dirname(file));
  const release = await lockWhenFree(`${file}.lock`, (holder) => options.onWait?.(holder, archive.file));
  try {
    return (await isNeeded()) ? await fetchLocked(archive, file, root, options) : undefined;
  } finally {
    release();
  }
}

async function fetchLocked(
  archive: ManifestArchive,
  file: string,
  root: string,
  options: FetchOptions,
): Promise<string> {
  // An archive that the user put here, or that an interrupted unpacking left, is used.
  if (!existsSync(file) || (await compareContents(file, archive, true)) !== null) {
    options.onStep?.('download', archive.file);
    await download(archive.url, file, archive, downloading(archive.file, options));
  }
  options.onStep?.('unpack', archive.file);
  const { unpacked } = await unpack(file, archive, root, { onProgress: (files) => options.onProgress?.(files, null) });
  rmSync(file);
  return `${archive.file}: ${unpacked} files`;
}

/** Does an archive contain the file, or files of the pattern? */
function gives({ take }: ManifestArchive, path: string): boolean {
  return take.some(({ to }) => (to === '' || to.endsWith('/') ? path.startsWith(to) : path === to));
}
