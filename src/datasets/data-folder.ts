import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { MissingInput, UsageError } from '../errors.js';
import { addFile } from './digests.js';
import { isHidden } from '../acquisition/hidden-names.js';
import { seeManifest, type Source } from '../acquisition/locate.js';

/** A data root that remembers which files were read and which are missing. */
export class DataFolder {
  readonly files: { readonly path: string; readonly bytes: number }[] = [];
  readonly missing: string[] = [];
  readonly root: string;
  private readonly remedy: string;

  /**
   * @param source the manifest that errors name, or the remedy that they end with
   * @throws UsageError where the root has no files at all
   */
  constructor(root: string, source: Source | { readonly remedy: string }) {
    this.root = root;
    this.remedy = typeof source === 'string' ? seeManifest(source) : source.remedy;
    if (this.entries('').length === 0) throw new MissingInput(`no files in ${root}; ${this.remedy}`);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /**
   * Returns the contents of a file, its name relative to the root.
   *
   * @throws UsageError where it is missing or cannot be read
   */
  read(name: string): Buffer {
    const bytes = this.readIfThere(name);
    if (bytes === null) throw this.missingFile(name);
    return bytes;
  }

  /** Returns the contents of a file, or null where there is none: then it counts as missing. */
  readIfThere(name: string): Buffer | null {
    try {
      const bytes = readFileSync(this.path(name));
      this.files.push({ path: name, bytes: bytes.length });
      return bytes;
    } catch (error) {
      if (!isAbsent(error)) throw this.unreadable(name, error);
      this.missing.push(name);
      return null;
    }
  }

  /**
   * Returns the path of a file that another reader opens.
   *
   * @throws UsageError where it is missing
   */
  file(name: string): string {
    if (!this.has(name)) throw this.missingFile(name);
    this.files.push({ path: name, bytes: statSync(this.path(name)).size });
    return this.path(name);
  }

  /**
   * Computes the SHA-256 of a file's bytes, part by part.
   *
   * @throws UsageError where it is missing or cannot be read
   */
  digest(name: string): string {
    const hash = createHash('sha256');
    try {
      addFile(hash, this.path(name));
    } catch (error) {
      throw isAbsent(error) ? this.missingFile(name) : this.unreadable(name, error);
    }
    return hash.digest('hex');
  }

  has(name: string): boolean {
    return statSync(this.path(name), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  /** Lists what a folder contains, in no order and without hidden entries; empty where there is no such folder. */
  entries(name: string): Dirent[] {
    try {
      return readdirSync(this.path(name), { withFileTypes: true }).filter((entry) => !isHidden(entry.name));
    } catch (error) {
      if (isAbsent(error)) return [];
      throw this.unreadable(name, error);
    }
  }

  /** Does a folder's entry lead to a file (or folder), also through links? */
  leadsTo(kind: 'file' | 'folder', folder: string, entry: Dirent): boolean {
    if (!entry.isSymbolicLink()) return kind === 'file' ? entry.isFile() : entry.isDirectory();
    const target = statSync(join(this.root, folder, entry.name), { throwIfNoEntry: false });
    return (kind === 'file' ? target?.isFile() : target?.isDirectory()) ?? false;
  }

  missingFile(name: string): MissingInput {
    return new MissingInput(`missing file: ${this.path(name)}; ${this.remedy}`);
  }

  /** Makes the error for a file's contents: `invalid FILE: what is wrong; remedy`. */
  invalid(name: string, line: number | null, problem: string): UsageError {
    const place = line === null ? this.path(name) : `${this.path(name)} line ${line}`;
    return new UsageError(`invalid ${place}: ${problem}; ${this.remedy}`);
  }

  private unreadable(name: string, error: unknown): UsageError {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return new UsageError(`cannot read ${this.path(name)}: ${code}; ${this.remedy}`);
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
