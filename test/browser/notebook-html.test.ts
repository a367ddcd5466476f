import test from 'ava';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { executeNotebook } from '../../src/notebook/execution/execute.js';
import { exportHtml } from '../../src/notebook/export/export-html.js';
import { exportStatic } from '../../src/notebook/export/export-static.js';
import { keepPictures } from '../../src/notebook/export/keep-pictures.js';
import { joined, readNotebook } from '../../src/notebook/notebook-file.js';
import { makeFolder, makeNotebook, noChromium, noJupyter, testUnless } from '../notebook/helpers.js';
import { launchBrowser } from './launch.js';

const { folder, remove } = makeFolder();
let executed: string;
let browser: Browser | undefined;

const cells = [
  'md # Title\nThe loss $\\tau < 1$ and\n\n$$L = -\\log \\frac{a}{b}$$\n\nand code `$x$`.',
  `import { embeddingMap, liveFigure, show, showHtml, tableHtml, trainingCurves, tripletsHtml } from 'tripletlab/figures';
show(trainingCurves([{ name: 'ste', runs: [{ trainingLoss: Float32Array.of(3, 2, 1), metric: [0.5, 0.6, 0.7] }] }]));`,
  `const name = '"><script>globalThis.hacked = 1</script><img src=x onerror="globalThis.hacked = 2">';
show(embeddingMap([0, 1, 2, 3], { names: [name, name], groups: [name, 'b'], labelled: [0], title: name }));
showHtml(tableHtml([{ [name]: name }], { caption: name }));
showHtml(tripletsHtml([[{ name }, { name }, { name, source: 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==' }]]));`,
  `const live = liveFigure(trainingCurves([]));
live.update(trainingCurves([{ name: 'last', runs: [{ trainingLoss: [2, 1] }] }]));`,
  `show(trainingCurves([{ name: 'last', runs: [{ trainingLoss: [2, 1] }] }]));`,
];

test.before(async () => {
  if (noJupyter ?? noChromium) return;
  executed = await executeNotebook(makeNotebook(join(folder, 'page.ipynb'), cells), {
    outputDirectory: join(folder, 'out'),
  });
  browser = await launchBrowser();
});
test.after.always(async () => {
  await browser?.close();
  remove();
});

testUnless(
  noJupyter ?? noChromium,
  'an exported page draws its figures without a network, an error or injected code',
  async (t) => {
    const page = await exportHtml(executed, join(folder, 'out'));
    const context = await browser!.newContext({ offline: true });
    const tab = await context.newPage();
    const problems: string[] = [];
    tab.on('pageerror', (error) => problems.push(error.message));
    tab.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    tab.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url())) problems.push(request.url());
    });
    await tab.goto(pathToFileURL(page).href);
    const drawn = tab.locator('.js-plotly-plot');
    // Two equal figures share an id; both must be drawn.
    await tab.waitForFunction(() => document.querySelectorAll('.js-plotly-plot .main-svg').length >= 4 * 3, undefined, {
      timeout: 60_000,
    });
    t.is(await drawn.count(), 4);
    t.deepEqual(problems, [pathToFileURL(page).href]);
    t.is(await tab.evaluate(() => (globalThis as { hacked?: number }).hacked), undefined);
    t.is(await tab.locator('math').count(), 2);
    t.true((await tab.locator('math').nth(1).boundingBox())!.height > 20); // a fraction is taller than a line
    const labels = await tab
      .locator('[role=img]')
      .evaluateAll((list) => list.map((element) => element.getAttribute('aria-label')));
    t.is(labels.length, 4);
    t.is(labels[2], 'Training curves: after the last epoch last training loss 1.000');
    t.true(labels.every((label) => label !== null && label.length > 10));
    t.is(await tab.locator('code', { hasText: '$x$' }).count(), 1);
    const lines = await tab.locator('.js-plotly-plot').nth(0).locator('.scatterlayer path.js-line').count();
    t.is(lines, 2);
    t.is([...readFileSync(page, 'utf8').matchAll(/plotly\.js v\d/g)].length, 1);
    await context.close();
  },
);

testUnless(
  noJupyter ?? noChromium,
  'a static copy holds a picture in place of each figure, and nothing live',
  async (t) => {
    const copy = readNotebook(await exportStatic(executed, join(folder, 'out')));
    const outputs = copy.cells.flatMap((cell) => cell.outputs ?? []);
    const pictures = outputs.flatMap(({ data }) =>
      data?.['image/png'] === undefined ? [] : [joined(data['image/png'])],
    );
    t.is(pictures.length, 5); // four figures, and HTML with a picture in it
    for (const picture of pictures.filter((_, at) => at !== 2)) {
      const bytes = Buffer.from(picture, 'base64');
      t.deepEqual([...bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
      t.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20) >= 400], [900, true]);
      t.true(bytes.length > 5000); // an empty picture is smaller
    }
    t.is(pictures[3], pictures[4]);
    t.is(new Set(pictures).size, 4);
    t.notRegex(JSON.stringify(outputs), /vnd\.plotly|vnd\.tripletlab|newPlot/);
    t.is(outputs.filter(({ data }) => data?.['text/html'] !== undefined).length, 1); // the table
  },
);

testUnless(
  noJupyter ?? noChromium,
  'a notebook that keeps pictures shows them on code hosts, and its page still draws each figure live',
  async (t) => {
    const file = join(folder, 'kept.ipynb');
    copyFileSync(executed, file);
    await keepPictures(file);
    const plotly = 'application/vnd.plotly.v1+json';
    const figures = readNotebook(file).cells.flatMap(({ outputs = [] }) =>
      outputs.filter(({ data }) => data?.[plotly]),
    );
    t.is(figures.length, 4);
    for (const { data } of figures) {
      t.deepEqual(Object.keys(data!), [plotly, 'image/png', 'text/plain']); // no HTML, which hosts would take first
      t.is(Buffer.from(joined(data!['image/png']), 'base64').subarray(1, 4).toString(), 'PNG');
    }
    const views = readNotebook(file).cells.flatMap(({ outputs = [] }) =>
      outputs.filter(({ data }) => data?.['application/vnd.tripletlab.html']),
    );
    t.deepEqual(
      views.map(({ data }) => Object.keys(data!)),
      [['application/vnd.tripletlab.html', 'image/png', 'text/plain']],
    );
    const tab = await browser!.newPage();
    await tab.goto(pathToFileURL(await exportHtml(file, join(folder, 'kept'))).href);
    await tab.waitForFunction(() => document.querySelectorAll('.js-plotly-plot .main-svg').length >= 4 * 3);
    const labels = await tab
      .locator('.js-plotly-plot[role=img]')
      .evaluateAll((list) => list.map((element) => element.getAttribute('aria-label')));
    t.is(labels[2], 'Training curves: after the last epoch last training loss 1.000');
    t.is(await tab.locator('img[src^="data:image/gif"]').count(), 1); // not its picture
    await tab.close();
  },
);
