import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { isHidden } from './hidden-names.js';
import { isPattern, type Contents, type Manifest, type ManifestFile, type ManifestPattern } from './manifest.js';
import { unreadable } from './file-signatures.js';

export type FileStatus =
  'ok' | 'unchecked' | 'missing' | 'wrong count' | 'wrong size' | 'wrong checksum' | 'unreadable';

/** The result for one entry of a manifest. */
export interface FileCheck {
  /** The entry's path or pattern. */
  readonly path: string;
  /** `unchecked`: it exists, and nothing is known to compare it with. */
  readonly status: FileStatus;
  /** Bytes on the disk, all files of a pattern together. */
  readonly bytes: number;
  /** Found and expected values, where they differ; or what is not known. */
  readonly detail: string;
  /** Does it make the data set incomplete? */
  readonly problem: boolean;
}

export interface VerifyOptions {
  /** Also read the files and compare checksums; otherwise only sizes. */
  readonly checksums?: boolean;
}

const defaults: Required<VerifyOptions> = { checksums: true };

/** Compares the files under a root with its manifest, entry by entry. */
export async function verify(manifest: Manifest, root: string, options: VerifyOptions = {}): Promise<FileCheck[]> {
  const { checksums } = { ...defaults, ...options };
  const checks: FileCheck[] = [];
  for (const entry of manifest.files)
    checks.push(isPattern(entry) ? checkPattern(entry, root) : await checkFile(entry, root, checksums));
  return checks;
}

/**
 * Returns the first thing wrong with a file's contents, or null. Without a checksum, its first bytes must fit its name.
 *
 * @param checksums otherwise only the size and those first bytes are checked
 * @param name the file's later name, where that differs
 */
export async function compareContents(
  path: string,
  expected: Contents,
  checksums: boolean,
  name = basename(path),
): Promise<{ status: 'wrong size' | 'wrong checksum' | 'unreadable'; detail: string } | null> {
  const { size } = statSync(path);
  if (expected.bytes !== null && size !== expected.bytes)
    return { status: 'wrong size', detail: `${size} bytes instead of ${expected.bytes}` };
  const unlike = hasChecksum(expected) ? null : unreadable(path, name);
  if (unlike !== null) return { status: 'unreadable', detail: unlike };
  if (!checksums) return null;
  const known: [name: string, algorithm: string, prefix: string, value: string | null | undefined][] = [
    ['sha256', 'sha256', '', expected.sha256],
    ['md5', 'md5', '', expected.md5],
    ['git blob', 'sha1', `blob ${size}\0`, expected.git_blob],
  ];
  for (const [name, algorithm, prefix, value] of known) {
    if (!value) continue;
    const found = await hashFile(path, algorithm, prefix);
    if (found !== value) return { status: 'wrong checksum', detail: `${name} ${found} instead of ${value}` };
  }
  return null;
}

/** Is there anything to compare the contents with, besides the size? */
export function hasChecksum(expected: Contents): boolean {
  return Boolean(expected.sha256 ?? expected.md5 ?? expected.git_blob);
}

/**
 * Returns the facts of what is at a path; undefined where there is nothing, or a file in place of a folder above it.
 */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function checkFile(entry: ManifestFile, root: string, checksums: boolean): Promise<FileCheck> {
  const path = join(root, entry.path);
  const stats = statsOf(path);
  const optional = entry.optional ?? false;
  if (!stats?.isFile())
    return { path: entry.path, status: 'missing', bytes: 0, detail: optional ? 'optional' : '', problem: !optional };
  const wrong = await compareContents(path, entry, checksums);
  if (wrong !== null) return { path: entry.path, ...wrong, bytes: stats.size, problem: true };
  const checked = checksums && hasChecksum(entry);
  const detail = checked ? '' : checksums ? 'no checksum is known' : 'size only';
  return { path: entry.path, status: checked ? 'ok' : 'unchecked', bytes: stats.size, detail, problem: false };
}

function checkPattern(entry: ManifestPattern, root: string): FileCheck {
  const files = matches(root, entry.pattern.split('/'));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const right = files.length === entry.count;
  const detail = right ? `${entry.count} files` : `${files.length} files instead of ${entry.count}`;
  const status = right ? 'ok' : files.length === 0 ? 'missing' : 'wrong count';
  return { path: entry.pattern, status, bytes, detail, problem: !right && !(entry.optional && files.length === 0) };
}

/** Returns the files that the parts of a pattern match. */
function matches(folder: string, parts: readonly string[]): string[] {
  const [part, ...rest] = parts;
  const name = new RegExp(`^${part.split('*').map(escape).join('.*')}$`, 's');
  const last = rest.length === 0;
  if (!statsOf(folder)?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((entry) => name.test(entry) && !isHidden(entry))
    .map((entry) => join(folder, entry))
    .flatMap((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      if (last) return stats?.isFile() ? [path] : [];
      return stats?.isDirectory() ? matches(path, rest) : [];
    });
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

async function hashFile(path: string, algorithm: string, prefix: string): Promise<string> {
  const hash = createHash(algorithm).update(prefix);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
