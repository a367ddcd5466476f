import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The package's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Whether this module is the program that node was called with. */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}

/** Imports a built module by its path in dist/. */
export const importBuilt = (path, folder = root) => import(pathToFileURL(join(folder, 'dist', path)).href);

/** A line about what the set-up does, on stderr: stdout stays for results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function digest(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

/** The parsed JSON file, or undefined where it is missing or broken. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes a file under a temporary name and renames it, so that a program running beside this one sees all or nothing. */
export function writeWhole(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = join(dirname(file), `.${process.pid}-${Math.round(performance.now() * 1000)}.tmp`);
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

/**
 * Runs a program to its end.
 *
 * @returns its exit status and, unless its output is shown, what it wrote
 */
export function run(command, args, { show = false, env = process.env, cwd = root, onLine } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    let output = '';
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (!onLine) return;
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      lines.forEach(onLine);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => done({ status: 127, output: error.message }));
    child.once('close', (code, signal) => {
      if (onLine && rest) onLine(rest);
      done({ status: code ?? (signal === 'SIGINT' ? 130 : 1), output });
    });
  });
}

const every = 10_000; // ms between two lines

/** Says every ten seconds that work goes on, where nobody sees a terminal move: `NAME: 20 s`, and what `state` says. */
export async function withProgress(name, work, state = () => '') {
  const begun = performance.now();
  const timer = setInterval(() => say(`${name}${state()}: ${Math.round((performance.now() - begun) / 1000)} s`), every);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
