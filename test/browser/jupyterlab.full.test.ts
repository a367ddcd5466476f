import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { temporaryFolder, tripletlab } from '../command-line.js';
import { makeNotebook, noChromium, testUnless } from '../notebook/helpers.js';
import { launchBrowser } from './launch.js';
import { LiveServer } from './live-server.js';

/** The `jupyter` of a Python that has JupyterLab; the test installs the kernel into it. */
const labJupyter = process.env['JUPYTERLAB'] ?? '';

const folder = temporaryFolder();
let browser: Browser | undefined;
let server: LiveServer | undefined;
test.after.always(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const noLab = existsSync(labJupyter) ? undefined : 'JUPYTERLAB names no jupyter with JupyterLab';
const patience = { timeout: 120_000 };
const env = { JUPYTER: labJupyter };

testUnless(
  noLab ?? noChromium,
  'a kernel given to an environment of Python runs, draws and is interrupted in JupyterLab, in any folder',
  async (t) => {
    t.timeout(5 * 60_000);
    const installed = tripletlab(['notebook', 'install', '--sys-prefix'], { cwd: folder, env });
    const kernel = join(labJupyter, '..', '..', 'share', 'jupyter', 'kernels', 'tripletlab');
    t.is(installed.stdout, `kernel tripletlab: ${kernel}\n`, installed.stderr);
    const list = spawnSync(labJupyter, ['kernelspec', 'list'], { encoding: 'utf8' });
    t.regex(list.stdout, new RegExp(`tripletlab +${kernel}\\n`));

    const notebooks = join(folder, 'notebooks');
    mkdirSync(notebooks);
    makeNotebook(join(notebooks, 'a.ipynb'), [
      `import { figures, losses } from 'tripletlab'\nObject.keys(losses).includes('ste')`,
      `const curve = (y: number[]) => ({ data: [{ y }], layout: { title: { text: 'Curve' } }, alt: 'a curve' })
const live = figures.liveFigure(curve([1, 3, 2]))`,
      `live.update(curve([1, 3, 2, 4, 2]))`,
      `console.log('waits')\nawait new Promise((done) => setTimeout(done, 600_000))`,
    ]);
    const { server: started, address } = await LiveServer.start(
      join(folder, 'jupyter'),
      (port) => [labJupyter, 'lab', '--no-browser', '--allow-root', `--port=${port}`],
      notebooks,
    );
    server = started;
    browser = await launchBrowser();
    const tab = await (await browser.newContext({ viewport: { width: 1200, height: 900 } })).newPage();
    tab.setDefaultTimeout(patience.timeout);
    const foreign: string[] = [];
    tab.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address.origin) && !/^(data|blob|about):/.test(url)) foreign.push(url);
    });
    await tab.goto(`${address.origin}/lab/tree/a.ipynb${address.search}`);
    await tab.locator('.jp-NotebookPanel-toolbar', { hasText: 'TypeScript (tripletlab)' }).waitFor();
    await tab.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    const choose = async (menu: string, item: string): Promise<void> => {
      await tab.locator('.lm-MenuBar-item', { hasText: menu }).first().click();
      await tab.locator('.lm-Menu-item', { hasText: item }).first().click();
    };
    await choose('Run', 'Run All Cells');
    const cells = tab.locator('.jp-CodeCell');
    await cells.nth(3).locator('.jp-OutputArea', { hasText: 'waits' }).waitFor();
    t.is((await cells.nth(0).locator('.jp-OutputArea').innerText()).trim(), 'true');
    // five points, so the update is what is drawn, and once
    const points = cells.nth(1).locator('.js-plotly-plot .scatterlayer .points path');
    await points.nth(4).waitFor({ state: 'attached' });
    t.is(await points.count(), 5);

    await choose('Kernel', 'Interrupt Kernel');
    await cells.nth(3).locator('.jp-OutputArea', { hasText: 'Interrupted: the cell was interrupted' }).waitFor();
    t.deepEqual(foreign, []);

    const removed = tripletlab(['notebook', 'uninstall', '--sys-prefix'], { cwd: folder, env });
    t.is(removed.stdout, `removed ${kernel}\n`);
    t.false(existsSync(join(kernel, '..', '..', 'labextensions', 'tripletlab')));
  },
);
