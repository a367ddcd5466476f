'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * Starts this project's Jupyter kernel: tslab from node_modules, with the changes of tslab-edits.cjs and
 * tslab-server.cjs.
 *
 * jupyter/kernels/tripletlab/kernel.json names this file. With JUPYTER_PATH=dist/notebook/kernel/jupyter it is found
 * without an installation; `tripletlab notebook install` writes it where Jupyter looks by itself.
 */
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..', '..');

const tslab = path.dirname(findTslab());
/** Finds tslab in this package, or in the notebook's folder. */
function findTslab() {
  try {
    return require.resolve('tslab/package.json', { paths: [root, process.cwd()] });
  } catch {
    process.stderr.write('the notebook kernel needs tslab, which is not installed; run npm install tslab@1.0.22\n');
    process.exit(1);
  }
}
require('./tslab-edits.cjs').editTslab(tslab);

const headless = process.env.TRIPLETLAB_NOTEBOOK === 'headless';
if (headless) {
  // Nobody edits files during a headless run, and watching every type declaration costs time and inotify handles.
  const ts = require(require.resolve('@tslab/typescript-for-tslab', { paths: [tslab] }));
  ts.sys.watchFile = () => ({ close: () => undefined });
}

// A notebook is no terminal, even if its server runs in one: progress bars and colours stay off.
for (const stream of [process.stdout, process.stderr]) stream.isTTY = false;

require('./tslab-server.cjs').start({ root, tslab, connectionFile: process.argv[2], headless });

// Otherwise a kernel would outlive a Jupyter that was killed.
const { TRIPLETLAB_RUNNER: runner } = process.env;
const watched = { parent: process.ppid, runner: runner && Number(runner) };
void import('../../start-thread.js').then(({ startThread }) => startThread('notebook/kernel/tslab-watch.cjs', watched));
