import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { executeNotebook } from '../../src/kernel/execute.js';
import { exportHtml } from '../../src/kernel/export-html.js';
import { joined, readNotebook } from '../../src/kernel/notebook.js';
import { makeFolder, noChromium, noJupyter, testUnless } from '../kernel/helpers.js';
import { launchBrowser } from './launch.js';

/** The project's notebooks and how many figures each draws; without data all run on what is drawn by code. */
const notebooks = {
  '00-quick-start': 4,
  '01-teachers': 7,
  '03-your-own-data': 6,
  'ablation-playground': 3,
  'method-1-triplets': 1,
  'method-2-teachers': 5,
  'method-3-distillation': 1,
  // by the results kept with it, and without any
  'table-teachers': 2,
  'table-backbones': 0,
};
/** How many views each has. */
const views: Record<string, number> = { 'method-1-triplets': 8, 'method-2-teachers': 5, 'method-3-distillation': 12 };

for (const [name, figures] of Object.entries(notebooks))
  testUnless(
    noJupyter ?? noChromium,
    `${name} runs, and its page draws every figure offline without an error`,
    async (t) => {
      const { folder, remove } = makeFolder();
      const environment = {
        TRIPLETLAB_DATA: '',
        TRIPLETLAB_EXPERIMENTS: join(folder, 'experiments'),
        OWN_EPOCHS: '2',
        ABLATION_DRAWS: '2',
        ABLATION_EPOCHS: '1',
      };
      const executed = await executeNotebook(`notebooks/${name}.ipynb`, { outputDirectory: folder, environment });
      const text = JSON.stringify(
        readNotebook(executed).cells.map((cell) => (cell.outputs ?? []).map((o) => joined(o.text ?? ''))),
      );
      if (name === '00-quick-start') t.regex(text, /FCT 0\.7[5-9]\d\d \[.*\], ceiling 0\.7939/);
      else if (name === '01-teachers') t.regex(text, /THINGS is not here\. How to get it:/);
      else if (name in views) t.regex(text, /computing on/);
      else if (name.startsWith('ablation')) t.regex(text, /: 20 of 20 jobs done, done/);
      else if (name.startsWith('table-')) t.regex(text, /: 0 of \d+ jobs done/);
      else t.regex(text, /pictures and answers are drawn by code/);
      const page = await exportHtml(executed, join(folder, 'out'));
      const browser = await launchBrowser();
      try {
        const tab = await (await browser.newContext({ offline: true })).newPage();
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
        await tab.waitForFunction(drawn, figures, { timeout: 60_000 });
        t.is(await tab.locator('.tl-view[data-live]').count(), views[name] ?? 0);
        t.deepEqual(problems, []);
      } finally {
        await browser.close();
        remove();
      }
    },
  );
