/**
 * Loaded before the program: kills its process with SIGKILL at the moment that KILL_AT names, `WHEN PATTERN [N]`:
 * `before` or `after` a file whose path matches is renamed into place, or when a line that `says` so is written to
 * stderr; the N-th time (default 1).
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const [when, pattern, nth = 1] = process.env.KILL_AT.split(' ');
const matches = (text) => new RegExp(pattern, 'm').test(String(text));
let times = 0;
const die = () => {
  if (++times === Number(nth)) process.kill(process.pid, 'SIGKILL');
};

const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  if (when === 'before' && matches(to)) die();
  rename(from, to);
  if (when === 'after' && matches(to)) die();
};
syncBuiltinESMExports();

const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (text, ...rest) => {
  const result = write(text, ...rest);
  if (when === 'says' && matches(text)) die();
  return result;
};
