import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { UsageError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { makeFolder, pathInside } from '../files.js';
import { lockWhenFree } from '../locks/index.js';
import { damaged, printable, type ArchiveMember } from './archive-member.js';
import { tarMembers } from './archive-tar.js';
import { zipMembers } from './archive-zip.js';
import { isHidden } from './hidden-names.js';
import type { ManifestArchive } from './manifest.js';

const members: Readonly<Record<ManifestArchive['format'], (file: string) => AsyncGenerator<ArchiveMember>>> = {
  zip: zipMembers,
  'tar.gz': (file) => tarMembers(file, true),
  tar: (file) => tarMembers(file, false),
};

export interface UnpackOptions {
  /** Called after each file with the number of files unpacked. */
  onProgress?(files: number): void;
}

/**
 * Unpacks the wanted files of an archive to below a root. Files that exist already are not changed; new ones get their
 * names once they are complete. One process at a time unpacks to a root.
 *
 * @returns how many files were unpacked, and how many existed
 * @throws UsageError where a name in the archive leads out of the root, the archive is damaged, or it has none of the
 *   wanted files
 */
export async function unpack(
  file: string,
  archive: Pick<ManifestArchive, 'format' | 'take'>,
  root: string,
  options: UnpackOptions = {},
): Promise<{ unpacked: number; there: number }> {
  makeFolder(root);
  const release = await lockWhenFree(join(root, '.unpack.lock'));
  try {
    return await unpackLocked(file, archive, root, options);
  } finally {
    release();
  }
}

async function unpackLocked(
  file: string,
  archive: Pick<ManifestArchive, 'format' | 'take'>,
  root: string,
  options: UnpackOptions,
): Promise<{ unpacked: number; there: number }> {
  let unpacked = 0;
  let there = 0;
  for await (const member of members[archive.format](file)) {
    const name = safeName(member.name, file);
    const target = targetOf(name, archive.take);
    if (target === null) continue;
    if (name === '' || target === '' || target.endsWith('/'))
      throw damaged(file, `a file in it has the name ${printable(member.name) || "''"}, which is no name for a file`);
    const path = pathInside(root, target);
    if (await extract(member, path, file)) {
      unpacked++;
      options.onProgress?.(unpacked);
    } else there++;
  }
  if (unpacked + there === 0)
    throw damaged(file, `it holds none of ${archive.take.map(({ from }) => from).join(', ')}`);
  return { unpacked, there };
}

/** Refuses names that could lead out of any folder, even those of members that are not wanted. */
function safeName(name: string, file: string): string {
  const parts = name.split('/');
  if (name.startsWith('/') || /^[A-Za-z]:|\\|\0/.test(name) || parts.includes('..'))
    throw new UsageError(
      `invalid ${file}: the name ${printable(name)} leads out of the folder; do not use this archive`,
    );
  return parts.filter((part) => part !== '.' && part !== '').join('/');
}

/** Returns where a member goes, by the first rule for it; null where it is not wanted. */
function targetOf(name: string, take: ManifestArchive['take']): string | null {
  for (const { from, to } of take) {
    if (name === from) return to;
    // Archives made on a Mac have a hidden companion for each picture.
    if (name.split('/').some(isHidden)) continue;
    if ((from === '' || from.endsWith('/')) && name.startsWith(from)) return to + name.slice(from.length);
  }
  return null;
}

/** Makes the file of a member, if it does not exist. */
async function extract(member: ArchiveMember, path: string, file: string): Promise<boolean> {
  const temporary = `${path}.part`;
  let descriptor: number | undefined;
  let opened = false;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile()) return false;
    if (found !== undefined) throw Object.assign(new Error(), { code: 'EISDIR' });
    makeFolder(dirname(path));
    descriptor = openSync(temporary, 'w');
    opened = true;
    let size = 0;
    let crc = 0;
    for await (const chunk of member.content()) {
      size += chunk.length;
      // An archive may state a small size and contain much more.
      if (size > member.size) break;
      if (member.crc !== null) crc = crc32(chunk, crc);
      for (let at = 0; at < chunk.length;) at += writeSync(descriptor, chunk, at);
    }
    if (size !== member.size || (member.crc !== null && crc !== member.crc))
      throw damaged(file, `${printable(member.name)} is damaged`);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, path);
    return true;
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    if (opened) rmSync(temporary, { force: true });
    throw explain(error, member, path, file);
  }
}

/** Reasons why a file cannot be made. */
const obstacles: Readonly<Record<string, string | undefined>> = {
  EEXIST: 'a file is where its folder should be',
  ENOTDIR: 'a file is where its folder should be',
  EISDIR: 'a folder has its name',
  ENOTEMPTY: 'a folder has its name',
  ENAMETOOLONG: 'its name is too long for this disk',
  EINVAL: 'its name cannot be on this disk',
  EILSEQ: 'its name cannot be on this disk',
};

function explain(error: unknown, { name }: ArchiveMember, path: string, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('Z_')) return damaged(file, `${printable(name)} is damaged (${code})`);
  const obstacle = obstacles[code];
  if (obstacle === undefined) return fileError(error, { verb: 'write', path });
  return new UsageError(`cannot unpack ${printable(name)} of ${file}: ${obstacle}; move what is at ${path}, or unpack by hand`); // prettier-ignore
}
