/** `npm run demo`: sets up what is needed, executes the first notebook and the students', and says where their pages are. */
import { basename, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { importBuilt, root, say, withProgress } from './shared.mjs';
import { ensureSystem } from './system.mjs';

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

async function demo() {
  const begun = performance.now();
  await withProgress('set-up, packages', () => ensureDependencies());
  await withProgress('set-up, build', () => build());
  const missing = await withProgress('set-up, Jupyter', () => ensureSystem(['jupyter']));
  if (missing.length > 0) throw new Error(missing.join('\n'));
  say(`set-up: ${seconds(begun)}`);

  const { executeNotebook } = await importBuilt('notebook/execution/execute.js');
  const { exportHtml } = await importBuilt('notebook/export/export-html.js');
  const shown = process.stderr.isTTY;
  const given = process.argv.slice(2);
  const notebooks =
    given.length > 0
      ? given
      : ['00-quick-start', '02-students'].map((name) => join(root, 'notebooks', `${name}.ipynb`));
  for (const notebook of notebooks) {
    const started = performance.now();
    const name = basename(notebook);
    let state = '';
    const execute = () =>
      executeNotebook(notebook, {
        onCell: (cell, cells) => {
          state = `, cell ${cell} of ${cells}`;
          if (shown) process.stderr.write(`\r\u001b[K${name}${state}`);
        },
      }).finally(() => shown && process.stderr.write('\r\u001b[K'));
    const executed = shown ? await execute() : await withProgress(name, execute, () => state);
    const page = await exportHtml(executed);
    say(`notebook: ${seconds(started)}`);
    process.stdout.write(`open ${pathToFileURL(page).href}\n`);
  }
}

await demo().catch((error) => {
  // A mistake of the caller's is a line; anything else is a defect and shows where.
  say(error.name === 'UsageError' || error.name === 'Error' ? error.message : error.stack);
  process.exitCode = 1;
});
