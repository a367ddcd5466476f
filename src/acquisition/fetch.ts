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
  /** Only these files of the manifest, by their paths; all where none are given. */
  readonly only?: readonly string[];
  /** Called before each download and unpacking with what is done to which file. */
  onStep?(action: 'download' | 'unpack', file: string): void;
  /** Called where another process is at a file, which is waited for. */
  onWait?(holder: string, file: string): void;
  /** Called with bytes, or when unpacking with files, that are done, and all bytes where known. */
  onProgress?(done: number, total: number | null): void;
}

/** What a fetch changed, and what is still not as the manifest says. */
export interface FetchReport {
  /** Files that were downloaded, and for archives how many files they gave. */
  readonly fetched: string[];
  /** One line for each download that failed. */
  readonly failed: string[];
  /** The wanted files that are still missing or wrong. */
  readonly left: FileCheck[];
}

/**
 * Downloads what is missing of a data set and may be downloaded; files that are there are never changed.
 *
 * Interrupted downloads go on where they were; an archive is removed once unpacked. Where one download fails, the others
 * are made all the same.
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
      if (existsSync(file)) return undefined; // another process got it meanwhile
      options.onStep?.('download', path);
      return (await downloadUnlessThere(url, file, entry, downloading(path, options))) ? path : undefined;
    });
  }
  for (const archive of manifest.archives ?? []) {
    // Whole archives are not downloaded for what is optional.
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

/** Gets and unpacks an archive, unless another process does so first. */
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
  // One that was put here by hand, or was left by an interrupted unpacking, serves as well.
  if (!existsSync(file) || (await compareContents(file, archive, true)) !== null) {
    options.onStep?.('download', archive.file);
    await download(archive.url, file, archive, downloading(archive.file, options));
  }
  options.onStep?.('unpack', archive.file);
  const { unpacked } = await unpack(file, archive, root, { onProgress: (files) => options.onProgress?.(files, null) });
  rmSync(file);
  return `${archive.file}: ${unpacked} files`;
}

/** Does an archive hold the file, or files of the pattern? */
function gives({ take }: ManifestArchive, path: string): boolean {
  return take.some(({ to }) => (to === '' || to.endsWith('/') ? path.startsWith(to) : path === to));
}
