/** Loaded before the program: adds a line to NOTE_WRITERS, `PID PATH`, for each `run.json` that is put into place. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  rename(from, to);
  if (String(to).endsWith('run.json')) fs.appendFileSync(process.env.NOTE_WRITERS, `${process.pid} ${to}\n`);
};
syncBuiltinESMExports();
