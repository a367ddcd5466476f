import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import type { Browser } from 'playwright-core';
import { chooseEngine } from '../../src/engine/index.js';
import * as figures from '../../src/figures/index.js';
import { noisyFactors, smallSet } from '../figures/view-helpers.js';
import { makeFolder, noChromium, testUnless } from '../notebook/helpers.js';
import { launchBrowser } from './launch.js';
import { pageBrightness, paleTexts } from './page-colors.js';

const { folder, remove } = makeFolder();
let browser: Browser | undefined;

test.before(async () => {
  if (noChromium) return;
  await chooseEngine({ useGpu: false, engine: 'wasm' });
  browser = await launchBrowser();
});
test.after.always(async () => {
  await browser?.close();
  remove();
});

/** One of each that notebooks show. */
async function everything(): Promise<figures.Shown[]> {
  const dataset = smallSet();
  const good = noisyFactors(dataset, 'good', 0.02);
  const poor = noisyFactors(dataset, 'poor', 0.4);
  const pictures = dataset.items.slice(0, 3).map((_, i) => ({ name: `item ${i}` }));
  const { validation } = dataset.triplets;
  return [
    await figures.tripletBrowser(dataset, { models: [good, poor] }),
    await figures.neighborBrowser(dataset, [good, poor]),
    await figures.similarityBrowser(dataset, good),
    await figures.pictureMap(dataset, good, { method: 'pca', groups: dataset.items.map((_, i) => `group ${i % 3}`) }),
    await figures.disagreementBrowser(dataset, good, [poor]),
    figures.lossPicture({ losses: [{ loss_type: 'ste', parameters: { tau: 0.2 } }], angles: [0, 50, 90], frames: 12 }),
    figures.agreementMatrix([good, poor], validation, false),
    figures.repetitionIntervals([{ name: 'a', values: [0.7, 0.72, 0.71] }], { ceiling: 0.8, chance: 1 / 3 }),
    figures.valuesByDraw(
      ['rkd', 'stmr'].map((name, i) => ({
        name,
        value: name,
        points: [0.7, 0.75].map((value, draw) => ({ draw, value: value + i / 100 })),
        mean: 0.725 + i / 100,
        interval: null,
      })),
      { line: { value: 0.78, text: 'ceiling 0.780' } },
    ),
    figures.datasetPlots(dataset),
    figures.datasetTables(dataset),
    figures.tripletsHtml([[pictures[0], pictures[1], pictures[2]]], { directed: true }),
    figures.neighborsHtml([{ query: pictures[0], neighbors: [{ ...pictures[1], distance: 0.5 }] }]),
    figures.sourceHtml('src/losses/ste.ts', 'ste'),
  ];
}

testUnless(
  noChromium,
  'all that is shown can be read on a dark page and on a light one, and fits a telephone',
  async (t) => {
    const file = join(folder, 'all.html');
    figures.writeHtml(await everything(), file);
    const context = await browser!.newContext({
      offline: true,
      viewport: { width: 390, height: 800 },
      colorScheme: 'dark',
    });
    const tab = await context.newPage();
    tab.setDefaultTimeout(120_000);
    await tab.goto(pathToFileURL(file).href);
    const drawn = (): boolean => {
      const elements = [...document.querySelectorAll<HTMLElement>('[id^="figure-"]')];
      return elements.every(
        (one) => one.querySelector('.main-svg') && one.dataset['ink'] === getComputedStyle(one).color,
      );
    };
    await tab.waitForFunction(drawn);
    t.true((await pageBrightness(tab)) < 50);
    t.deepEqual(await paleTexts(tab), []);
    t.true((await tab.evaluate(() => document.scrollingElement!.scrollWidth)) <= 390);
    // Panels that would not fit side by side stand one below the other.
    const [first, second] = await Promise.all(
      ['.ytick', '.y2tick'].map((ticks) =>
        tab
          .locator('[id^="figure-"]')
          .first()
          .locator(ticks)
          .evaluateAll((list) => list.map((one) => one.getBoundingClientRect().top)),
      ),
    );
    t.true(first.length > 1 && second.length > 1 && Math.max(...first) < Math.min(...second));

    // Legends touch no title and no tick, and titles stand above the plot with its toolbar.
    const touching = await tab.locator('[id^="figure-"]').evaluateAll((list) =>
      list.flatMap((figure) => {
        const legend = figure.querySelector('.legend')?.getBoundingClientRect();
        const others = [...figure.querySelectorAll('.xtitle, .ytitle, .xtick')].map((one) =>
          one.getBoundingClientRect(),
        );
        const touches = others.some(
          (box) =>
            legend &&
            box.top < legend.bottom &&
            box.bottom > legend.top &&
            box.left < legend.right &&
            box.right > legend.left,
        );
        const below =
          figure.previousElementSibling!.getBoundingClientRect().bottom > figure.getBoundingClientRect().top + 1;
        return touches || below ? [figure.getAttribute('aria-label')] : [];
      }),
    );
    t.deepEqual(touching, []);

    await tab.emulateMedia({ colorScheme: 'light' });
    await tab.waitForFunction(drawn);
    t.true((await pageBrightness(tab)) > 200);
    t.deepEqual(await paleTexts(tab), []);

    // JupyterLab tells its theme by an attribute, whatever the system is.
    await tab.evaluate(() => {
      document.body.style.cssText = 'color:#fff;background:#111';
      document.body.dataset['jpThemeLight'] = 'false';
    });
    await tab.waitForFunction(drawn);
    t.deepEqual(await paleTexts(tab), []);
    await context.close();
  },
);
