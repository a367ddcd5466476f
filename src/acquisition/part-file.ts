import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { fileError } from '../file-errors.js';

/** The bytes of a file received so far: `FILE.part`, with a file beside it that tells their version. */
export class PartFile {
  readonly path: string;
  size: number;
  private readonly file: string;
  private readonly url: string;
  private descriptor: number | null = null;
  private known: string | null = null;

  constructor(file: string, url: string) {
    this.file = file;
    this.url = url;
    this.path = `${file}.part`;
    const state = this.readState();
    if (state?.url === url) this.known = state.version;
    else rmSync(this.path, { force: true });
    this.size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The server's mark (ETag or date) of the version of these bytes; null where it gave none. */
  get version(): string | null {
    return this.known;
  }

  set version(version: string | null) {
    this.known = version;
    writeFileSync(`${this.path}.json`, JSON.stringify({ url: this.url, version }));
  }

  append(chunk: Uint8Array): void {
    this.descriptor ??= openSync(this.path, 'a');
    try {
      for (let at = 0; at < chunk.length;) {
        const written = writeSync(this.descriptor, chunk, at);
        at += written;
        this.size += written;
      }
    } catch (error) {
      throw fileError(error, { verb: 'write', path: this.path });
    }
  }

  /** Discards what was received. */
  restart(): void {
    this.close();
    rmSync(this.path, { force: true });
    this.size = 0;
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
    rmSync(`${this.path}.json`, { force: true });
  }

  /** Writes what was received to the disk, even if it is nothing. */
  flush(): void {
    const descriptor = openSync(this.path, 'a');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }

  /** Gives the file its name, which only complete files have. */
  finish(): void {
    renameSync(this.path, this.file);
    rmSync(`${this.path}.json`, { force: true });
  }

  private readState(): { url: string; version: string | null } | null {
    try {
      const { url, version } = JSON.parse(readFileSync(`${this.path}.json`, 'utf8')) as Record<string, unknown>;
      return typeof url === 'string' ? { url, version: typeof version === 'string' ? version : null } : null;
    } catch {
      return null;
    }
  }
}
