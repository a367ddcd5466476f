/** A lock for set-ups, which run before src/locks is built: the same rules in short. */
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { digest, say } from './shared.mjs';

const beat = 15_000; // ms between two touches of the lock
const silence = 180_000; // ms after which the lock of another machine or container is given up
const making = 10_000; // ms in which a lock may be empty

function told(read) {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Where process numbers mean the same: machine, boot and container. */
const place = () =>
  [
    hostname(),
    told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    told(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ');

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The lock in a file, or undefined where there is none. */
function find(file) {
  try {
    const text = readFileSync(file, 'utf8');
    const [, pid, where] = /^(\d+)(?: (.+))?$/.exec(text) ?? [];
    return {
      text,
      pid: Number(pid ?? 0),
      here: where === undefined || where === place(),
      touched: statSync(file).mtimeMs,
    };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isHeld({ pid, here, touched }) {
  if (pid === 0) return Date.now() - touched < making;
  return here ? alive(pid) : Date.now() - touched < silence;
}

/** Makes a file unless there is one. */
function create(file, text) {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Replaces a lock by our own at once; the guard, named by what is replaced, lets one process at a time do so. */
function takeOver(file, found, own) {
  const guard = `${file}-${digest(found.text).slice(0, 16)}`;
  if (!create(guard, '')) {
    const left = find(guard);
    if (left !== undefined && !isHeld(left)) rmSync(guard, { force: true });
    return false;
  }
  const temporary = `${file}-${randomInt(2 ** 47)}`;
  try {
    const still = find(file);
    if (still?.text !== found.text || isHeld(still)) return false;
    writeFileSync(temporary, own);
    renameSync(temporary, file);
    return true;
  } finally {
    for (const path of [temporary, guard]) rmSync(path, { force: true });
  }
}

async function acquire(file, own) {
  for (let told = false; !create(file, own);) {
    const found = find(file);
    if (found === undefined) continue;
    if (!isHeld(found)) {
      if (takeOver(file, found, own)) return;
    } else if (!told) {
      say(`waiting for another set-up of this folder (${found.pid === 0 ? file : `process ${found.pid}`})`);
      told = true;
    }
    await delay(200);
  }
}

/** Lets one process at a time do something; a lock whose owner is gone is taken over. */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${process.pid} ${place()}`;
  await acquire(file, own);
  const timer = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // it was removed by hand
    }
  }, beat);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (find(file)?.text === own) rmSync(file, { force: true });
  }
}
