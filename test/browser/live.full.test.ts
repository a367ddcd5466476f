import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import test from 'ava';
import { findJupyter } from '../../src/notebook/kernel/jupyter.js';
import { packageRoot } from '../../src/assets.js';
import { readRunRecord } from '../../src/training/runs/run-record.js';
import { makeFolder, noChromium, noJupyter, testUnless } from '../notebook/helpers.js';
import { launchBrowser } from './launch.js';
import { LiveServer } from './live-server.js';

const { folder, remove } = makeFolder();
let browser: Browser | undefined;
let server: LiveServer | undefined;
test.after.always(async () => {
  await browser?.close();
  await server?.stop();
  remove();
});

const patience = { timeout: 420_000 };

/** Other versions have another page. */
function noNotebook6(): string | undefined {
  const { stdout } = spawnSync(findJupyter(), ['notebook', '--version'], { encoding: 'utf8' });
  return /^6\./.test(stdout) ? undefined : `Jupyter Notebook ${stdout.trim() || 'is not there'}; of version 6 wanted`;
}

/** The page of Jupyter Notebook 6, which the set-up installs, by what a person sees of it. */
class NotebookPage {
  constructor(private readonly tab: Page) {}

  async open(address: URL, file: string): Promise<void> {
    const path = `build/${basename(folder)}/${basename(file)}`;
    await this.tab.goto(`${address.origin}/notebooks/${path}${address.search}`);
    await this.idle();
  }

  async idle(): Promise<void> {
    await this.tab.locator('#kernel_indicator_icon.kernel_idle_icon').waitFor(patience);
  }

  /** Runs all cells by the menu, to the end. */
  async runAll(): Promise<void> {
    await this.tab.locator('#celllink').click();
    await this.tab.locator('#run_all_cells').click();
    const numbered = (): boolean =>
      [...document.querySelectorAll('.code_cell .input_prompt')].every((prompt) => /\[\d+\]/.test(prompt.textContent));
    await this.tab.waitForFunction(numbered, undefined, patience);
    await this.idle();
  }

  /** Puts a cell below the chosen one and types into it. */
  async typeCell(text: string): Promise<Locator> {
    await this.tab.locator('button[data-jupyter-action="jupyter-notebook:insert-cell-below"]').click();
    const cell = this.tab.locator('.code_cell.selected');
    await cell.locator('.CodeMirror').click();
    await this.tab.keyboard.insertText(text);
    return cell;
  }

  /** Starts the chosen cell, which was not run yet, and stays on it; a short one has ended when it is looked at. */
  async start(cell: Locator): Promise<void> {
    await this.tab.keyboard.press('Control+Enter');
    await cell.locator('.input_prompt', { hasText: /\[(\*|\d+)\]/ }).waitFor(patience);
  }

  /** What a cell shows when it has ended. */
  async ended(cell: Locator): Promise<string> {
    await cell.locator('.input_prompt', { hasText: /\[\d+\]/ }).waitFor(patience);
    return (await cell.locator('.output_wrapper').innerText()).trim();
  }

  async run(text: string): Promise<string> {
    const cell = await this.typeCell(text);
    await this.start(cell);
    return this.ended(cell);
  }
}

/** A training of minutes, and where a run of it that was stopped goes on, for an epoch. */
const long = `import { readdirSync } from 'node:fs'
const long = configuration.loadTrainingConfiguration('configurations/synthetic/synthetic_d_ste.yaml',
  ['optimization.num_training_epochs=400', 'optimization.num_batches_per_epoch=8', 'dataset.num_triplets=3000'])
const place = ${JSON.stringify(join(folder, 'long'))}
'ready'`;
const trainLong = `const watch = figures.watchTraining({ title: 'a long training' })
await training.train(long, { base: place, onUpdate: watch })`;
const goOn = `const stop = new AbortController()
const said: string[] = []
await training.train(long, {
  base: place,
  signal: stop.signal,
  log: (line) => said.push(line),
  onUpdate: ({ epochEnded }) => { if (epochEnded) stop.abort() },
}).catch((error) => said.push(error.message))
said.join(' | ')`;

testUnless(
  noJupyter ?? noChromium ?? noNotebook6(),
  'in a browser a notebook runs and draws, Tab completes names, a long training is interrupted and goes on',
  async (t) => {
    t.timeout(15 * 60_000);
    const file = join(folder, 'quick.ipynb');
    const quick = readFileSync(join(packageRoot(), 'notebooks', '00-quick-start.ipynb'), 'utf8');
    writeFileSync(file, quick);
    const { server: started, address } = await LiveServer.start(join(folder, 'jupyter'));
    server = started;
    browser = await launchBrowser();
    const tab = await (await browser.newContext({ viewport: { width: 1200, height: 900 } })).newPage();
    tab.setDefaultTimeout(patience.timeout);
    const problems: string[] = [];
    tab.on('pageerror', (error) => problems.push(error.message));
    tab.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address.origin) && !/^(data|blob|about):/.test(url)) problems.push(url);
    });
    const page = new NotebookPage(tab);

    await page.open(address, file);
    await page.runAll();
    const drawn = (): boolean => {
      const plots = [...document.querySelectorAll('.output .js-plotly-plot')];
      return plots.length === 4 && plots.every((plot) => plot.querySelector('.main-svg'));
    };
    await tab.waitForFunction(drawn, undefined, patience);
    t.is(await tab.locator('.output_error').count(), 0);
    t.is(await tab.locator('.output [role=img][aria-label]').count(), 4);

    await tab.locator('.code_cell').last().click();
    const unfinished = await page.typeCell('metrics.corr');
    await tab.keyboard.press('Tab');
    const offered = tab.locator('.completions option');
    await offered.first().waitFor(patience);
    const names = await offered.allTextContents();
    t.true(names.includes('correctTriplets') && names.includes('distanceCorrelation'), names.join(' '));
    await tab.locator('.completions select').selectOption('correctTriplets');
    await tab.keyboard.press('Enter');
    await tab.keyboard.type('.name');
    await page.start(unfinished);
    t.is(await page.ended(unfinished), 'correctTriplets');

    t.is(await page.run(long), 'ready');
    const training = await page.typeCell(trainLong);
    await page.start(training);
    // interrupted when the live curve has moved
    await training
      .locator('.scatterlayer .js-line')
      .first()
      .waitFor({ ...patience, state: 'attached' });
    await tab.locator('button[data-jupyter-action="jupyter-notebook:interrupt-kernel"]').click();
    t.regex(await page.ended(training), /^Interrupted: interrupted in epoch \d+ of 400; run .* to go on$/m);
    t.is(await training.locator('.js-plotly-plot').count(), 1);
    const interrupted = readRunRecord(join(folder, 'long', 'modeling', 'runs', 'run-1031'));
    t.is(interrupted.status, 'interrupted');

    t.is(await page.run('values.length'), '5');
    const said = await page.run(goOn);
    t.regex(said, /run-1031 goes on after epoch \d+, batch \d+ \| interrupted in epoch \d+ of 400/);

    // by keyboard, where nothing listens to the signal
    const waiting = await page.typeCell(`console.log('waits')\nawait new Promise(() => setTimeout(() => 0, 600_000))`);
    await page.start(waiting);
    await waiting.locator('.output_stdout').waitFor(patience); // before it runs, there is nothing to interrupt
    await tab.keyboard.press('Escape');
    await tab.keyboard.press('I');
    await tab.keyboard.press('I');
    t.regex(await page.ended(waiting), /^waits\s+Interrupted: the cell was interrupted$/);
    t.is(await page.run('values.length + 1'), '6');

    t.deepEqual(problems, []);
    t.is(await server.stop(), 0);
  },
);
