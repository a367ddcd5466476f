/**
 * Loaded before the program: holds its process still where the folder HOLD has a file of the name of what it has just
 * written, until that file is gone; a `run.json` has the name of its folder, `run-0201`, and is first written as the run
 * begins. Meanwhile `NAME.held` has the number of the process.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';

const still = new Int32Array(new SharedArrayBuffer(4));

const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  rename(from, to);
  const name = basename(to) === 'run.json' ? basename(dirname(to)) : basename(to);
  const order = join(process.env.HOLD, name);
  if (!fs.existsSync(order)) return;
  fs.writeFileSync(`${order}.new`, String(process.pid));
  rename(`${order}.new`, `${order}.held`);
  while (fs.existsSync(order)) Atomics.wait(still, 0, 0, 20);
};
syncBuiltinESMExports();
