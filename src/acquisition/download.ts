import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { makeFolder } from '../files.js';
import { lockWhenFree } from '../locks/index.js';
import type { Contents } from './manifest.js';
import { PartFile } from './part-file.js';
import { compareContents, hasChecksum } from './verify.js';

export interface DownloadOptions {
  /** How often a broken connection is tried again. */
  readonly attempts?: number;
  /** Pause before the second attempt in seconds, doubled each time. */
  readonly pause?: number;
  /** Seconds without a byte after which a connection is given up. */
  readonly stall?: number;
  /** Called once where another process is downloading the file, and this one waits: `process 4242 on HOST`. */
  onWait?(holder: string): void;
  /** Called with the number of bytes received, and of all bytes where known. */
  onProgress?(received: number, total: number | null): void;
}

const defaults = { attempts: 5, pause: 1, stall: 60 };

/** A transfer that broke and can be resumed: nothing that the user must correct. */
class Interrupted extends Error {}

/**
 * Downloads a file, and resumes where an earlier attempt, or an earlier process, was interrupted.
 *
 * Received bytes are kept in `FILE.part` (`FILE.part.json` tells their version). Once size and checksum are right, the
 * file is renamed in one step. A file that exists already is never changed. One process at a time downloads a file; the
 * others wait for it, and resume where it ended if it did not finish.
 *
 * @returns whether this call downloaded it; false where another process did meanwhile
 * @throws UsageError where the server refuses or does not answer, or what it sent is not the file
 */
export async function download(
  url: string,
  file: string,
  expected: Contents,
  options: DownloadOptions = {},
): Promise<boolean> {
  if (existsSync(file)) throw new UsageError(`already there: ${file}; move it away to download it again`);
  return downloadUnlessThere(url, file, expected, options);
}

/** Downloads a file as `download` does, unless it exists. */
export async function downloadUnlessThere(
  url: string,
  file: string,
  expected: Contents,
  options: DownloadOptions = {},
): Promise<boolean> {
  makeFolder(dirname(file));
  const release = await lockWhenFree(`${file}.part.lock`, options.onWait?.bind(options));
  try {
    if (existsSync(file)) return false;
    await downloadLocked(url, file, expected, options);
    return true;
  } finally {
    release();
  }
}

async function downloadLocked(url: string, file: string, expected: Contents, options: DownloadOptions): Promise<void> {
  const { attempts, pause, stall } = { ...defaults, ...options };
  const part = new PartFile(file, url);
  for (let attempt = 1; ; attempt++) {
    try {
      await receive(url, part, expected, stall, options.onProgress?.bind(options));
      break;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      if (attempt >= attempts)
        throw new UsageError(
          `cannot download ${url}: ${error.message}; run the same command again, it goes on from byte ${part.size}`,
        );
    }
    await sleep(1000 * pause * 2 ** (attempt - 1));
  }
  part.flush();
  const wrong = await compareContents(part.path, expected, true, basename(file));
  if (wrong !== null) {
    part.remove();
    throw new UsageError(
      `${wrong.status} of ${url}: ${wrong.detail}; the download is removed, get ${basename(file)} by hand`,
    );
  }
  part.finish();
}

async function receive(
  url: string,
  part: PartFile,
  expected: Contents,
  stall: number,
  onProgress: DownloadOptions['onProgress'],
): Promise<void> {
  // Without a version and a checksum, parts of two versions in one file would not be noticed.
  const uncheckable = part.version === null && !hasChecksum(expected);
  if (uncheckable || (expected.bytes !== null && part.size > expected.bytes)) part.restart();
  if (expected.bytes !== null && part.size === expected.bytes && part.size > 0) return;
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), 1000 * stall);
  try {
    const response = await request(url, part, giveUp.signal);
    const total = sizeOf(response, part, url, expected);
    if (total === part.size && response.status === 416) return;
    if (expected.bytes !== null && total !== null && total !== expected.bytes)
      throw new UsageError(
        `wrong size of ${url}: ${total} bytes instead of ${expected.bytes}; the publisher has changed the file, get it by hand`,
      );
    const limit = expected.bytes ?? total ?? Infinity;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      timer.refresh();
      if (part.size + chunk.length > limit) {
        part.restart();
        throw new UsageError(
          `wrong size of ${url}: more than ${limit} bytes; the download is removed, get the file by hand`,
        );
      }
      part.append(chunk);
      onProgress?.(part.size, expected.bytes ?? total);
    }
    if (limit !== Infinity && part.size < limit)
      throw new Interrupted(`the connection ended at ${part.size} of ${limit} bytes`);
  } catch (error) {
    if (error instanceof UsageError || error instanceof Interrupted) throw error;
    if (isFileError(error)) throw fileError(error, { verb: 'write', path: part.path });
    throw new Interrupted(giveUp.signal.aborted ? `the server sent nothing for ${stall} s` : reason(error));
  } finally {
    clearTimeout(timer);
    giveUp.abort();
    part.close();
  }
}

/** Requests the missing bytes; answers other than bytes of the file are errors. */
async function request(url: string, part: PartFile, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (part.size > 0) {
    headers['range'] = `bytes=${part.size}-`;
    if (part.version !== null) headers['if-range'] = part.version;
  }
  const response = await fetch(url, { headers, signal, redirect: 'follow' });
  if (response.status === 416) return response;
  if (response.status >= 500 || response.status === 429)
    throw new Interrupted(`the server answered ${response.status}`);
  if (!response.ok || response.body === null)
    throw new UsageError(`cannot download ${url}: the server answered ${response.status}; get it by hand`);
  if (/^text\/html\b/.test(response.headers.get('content-type') ?? ''))
    throw new UsageError(`cannot download ${url}: the server sent a web page instead; get it by hand`);
  return response;
}

/** Returns the file's size by the answer's headers, null where they lack it; starts again where the server does. */
function sizeOf(response: Response, part: PartFile, url: string, expected: Contents): number | null {
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  const rangeTotal = range === null || range[2] === '*' ? null : Number(range[2]);
  if (response.status === 416) {
    if (rangeTotal !== part.size) {
      part.restart();
      throw new Interrupted('the server has another version of the file');
    }
    return rangeTotal;
  }
  if (response.status === 206) {
    if (range?.[1] === undefined || Number(range[1]) !== part.size) {
      part.restart();
      throw new Interrupted(`the server sent another part of the file than it was asked for`);
    }
    return rangeTotal;
  }
  // The server sends the whole file: it cannot resume, or has another version by now.
  part.restart();
  const etag = response.headers.get('etag');
  part.version = etag?.startsWith('"') ? etag : response.headers.get('last-modified');
  const length = response.headers.get('content-length');
  const tellsItsEnd = length !== null || response.headers.get('transfer-encoding') === 'chunked';
  if (!tellsItsEnd && !hasChecksum(expected) && expected.bytes === null)
    throw new UsageError(`cannot download ${url}: the server does not say how long the file is; get it by hand`);
  return length !== null && /^\d+$/.test(length) ? Number(length) : null;
}

/** Did the disk fail, and not the connection? */
const isFileError = (error: unknown): boolean =>
  ['open', 'write', 'close', 'unlink', 'rm'].includes((error as NodeJS.ErrnoException).syscall ?? '');

function reason(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  return cause?.code ?? cause?.message ?? message;
}
