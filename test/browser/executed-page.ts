import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExecutionContext } from 'ava';
import { executeNotebook } from '../../src/notebook/execution/execute.js';
import { exportHtml } from '../../src/notebook/export/export-html.js';
import { joined, readNotebook } from '../../src/notebook/notebook-file.js';
import { missedByReaders } from './accessibility.js';
import { launchBrowser } from './launch.js';

/** What a notebook of the project comes to when it is executed in small. */
export interface Expected {
  /** How many figures are drawn. */
  readonly figures: number;
  /** How many views there are, pictures that answer to mouse and keys. */
  readonly views?: number;
  /** What its cells print, among other things. */
  readonly says: RegExp;
  /** What it is told, to be small. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How long a busy machine may take to draw a page. */
const patience = 120_000; // ms

/** Executes a notebook and opens its page offline: every figure and view is drawn, and nothing is wrong. */
export async function executeAndOpen(
  t: ExecutionContext<unknown>,
  notebook: string,
  folder: string,
  { figures, views = 0, says, environment = {} }: Expected,
): Promise<void> {
  const executed = await executeNotebook(notebook, {
    outputDirectory: folder,
    environment: { TRIPLETLAB_DATA: '', ...environment },
  });
  const outputs = readNotebook(executed).cells.flatMap((cell) => cell.outputs ?? []);
  const printed = outputs.map((output) => joined(output.text ?? '')).join('');
  t.regex(printed, says);
  const page = await exportHtml(executed, join(folder, 'out'));
  const browser = await launchBrowser();
  try {
    const tab = await (await browser.newContext({ offline: true })).newPage();
    tab.setDefaultTimeout(patience);
    const problems: string[] = [];
    tab.on('pageerror', (error) => problems.push(error.message));
    tab.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    tab.on('request', (request) => {
      if (!/^(data|blob|file):/.test(request.url())) problems.push(request.url());
    });
    await tab.goto(pathToFileURL(page).href);
    const drawn = (count: number): boolean => {
      const plots = [...document.querySelectorAll('.js-plotly-plot')];
      return plots.length === count && plots.every((plot) => plot.querySelector('.main-svg'));
    };
    await tab.waitForFunction(drawn, figures);
    t.is(await tab.locator('.tl-view[data-live]').count(), views);
    problems.push(...(await missedByReaders(tab)));
    t.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
}
