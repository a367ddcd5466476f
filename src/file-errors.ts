import { getSystemErrorMap } from 'node:util';
import { UsageError } from './errors.js';

/** The meaning of the system's error codes: the problem, and its remedy. */
const meanings: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  ENOSPC: ['no space left on device', 'free some space and run again'],
  EDQUOT: ['no space left on device', 'free some space and run again'],
  EACCES: ['permission denied', 'choose another folder or change its permissions'],
  EPERM: ['permission denied', 'choose another folder or change its permissions'],
  EROFS: ['the file system is read-only', 'choose another folder'],
  ENOENT: ['no such file or folder', 'correct the path'],
  ENOTDIR: ['a part of the path is a file', 'correct the path or move that file away'],
  EEXIST: ['something else is there', 'move it away or choose another name'],
  EISDIR: ['it is a folder', 'name a file'],
  ENOTEMPTY: ['the folder is not empty', 'empty it or choose another name'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter one'],
  ELOOP: ['its links lead in a circle', 'correct the path'],
  EMFILE: ['too many open files', 'raise the limit, as by ulimit -n 4096'],
  ENFILE: ['too many open files', 'end other programs'],
  EFBIG: ['the file is too large for its file system', 'choose another folder'],
  EIO: ['the device failed', 'check the disk and run again'],
  ESTALE: ['the file server has lost it', 'run again'],
  ENOMEM: ['no memory left', 'end other programs'],
  ERR_FS_FILE_TOO_LARGE: ['the file is too large', 'correct the path'],
  ERR_STRING_TOO_LONG: ['the file is too large', 'correct the path'],
};

/** What the user wanted to do, by the system call. */
const verbs: Readonly<Record<string, string>> = {
  scandir: 'list',
  opendir: 'list',
  mkdir: 'make',
  mkdtemp: 'make a folder at',
  stat: 'open',
  lstat: 'open',
  access: 'open',
  rm: 'remove',
  rmdir: 'remove',
  unlink: 'remove',
  copyfile: 'copy',
};

export interface FileAction {
  /** The action, where the system call does not tell it: `write`. */
  readonly verb?: string;
  /** The file that the user named. */
  readonly path?: string;
}

/**
 * Turns an error of the system into one line: `cannot write FILE: no space left on device; free some space and run
 * again`. Other errors are returned unchanged.
 */
export function fileError(error: unknown, action: FileAction = {}): unknown {
  if (!(error instanceof Error) || error instanceof UsageError) return error;
  const { code = '', errno, syscall, path } = error as NodeJS.ErrnoException;
  const known = Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  // a broken installation, or Node's message when no more files can be opened
  if (code === 'ERR_MODULE_NOT_FOUND') return new UsageError(`${error.message.split('\n')[0]}; run npm install, or raise the limit of open files, as by ulimit -n 4096`, { cause: error }); // prettier-ignore
  if (known === undefined && (typeof errno !== 'number' || syscall === undefined)) return error;
  const [problem, remedy] = known ?? [getSystemErrorMap().get(errno!)?.[1] ?? code, 'correct that and run again'];
  const [call = 'go on', ...rest] = (syscall ?? 'read').split(' ');
  const verb = action.verb ?? (Object.hasOwn(verbs, call) ? verbs[call] : call);
  const place = [action.path ?? path ?? rest.join(' ')].filter(Boolean).map((name) => ` ${printable(name)}`);
  return new UsageError(`cannot ${verb}${place.join('')}: ${problem}; ${remedy}`, { cause: error });
}

/** Writes a path on one line. */
function printable(path: string): string {
  const plain = path.replace(/[\x00-\x1f\x7f]/g, '?');
  return plain.length > 300 ? `${plain.slice(0, 150)}...${plain.slice(-100)}` : plain;
}
