'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * A thread that ends a kernel whose Jupyter is gone, and a Jupyter whose `notebook run` is gone, even while a cell
 * computes without a pause.
 */
const fs = require('node:fs');
const { workerData } = require('node:worker_threads');

const { parent, runner } = workerData;
const patience = 5000; // ms
let asked;

/** Is a process gone? A zombie, which ended and was not waited for, is gone too. */
function isGone(pid) {
  try {
    process.kill(pid, 0);
    return /^\d+ \(.*\) Z/s.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function end(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself
  }
}

setInterval(() => {
  if (process.ppid !== parent) end(process.pid, 'SIGKILL');
  if (runner === undefined || !isGone(runner)) return;
  end(parent, asked === undefined || Date.now() - asked < patience ? 'SIGTERM' : 'SIGKILL');
  asked ??= Date.now();
}, 500);
