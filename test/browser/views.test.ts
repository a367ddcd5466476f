import test from 'ava';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { loadTrainingConfiguration } from '../../src/configuration/index.js';
import { makeTripletDataset } from '../../src/datasets/index.js';
import { findRoot } from '../../src/acquisition/locate.js';
import { chooseEngine } from '../../src/engine/index.js';
import * as figures from '../../src/figures/index.js';
import { RandomStream } from '../../src/random/stream.js';
import { noisyFactors, smallSet } from '../figures/view-helpers.js';
import { makeFolder, noChromium, testUnless } from '../notebook/helpers.js';
import { missedByReaders } from './accessibility.js';
import { launchBrowser } from './launch.js';

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

const dataset = smallSet();
const nasty = 'poor <b>"&\'</script><img src=x>';
const good = noisyFactors(dataset, 'good', 0.02);
const poor = { ...noisyFactors(dataset, 'poor', 0.4), name: nasty };

/** Opens what is shown as a file, offline, 932 pixels wide; nothing may be asked for, said or thrown, or stick out. */
async function open(
  name: string,
  shown: figures.Shown | readonly figures.Shown[],
): Promise<{ tab: Page; close: () => Promise<string[]> }> {
  const file = join(folder, `${name}.html`);
  figures.writeHtml(shown, file);
  const context = await browser!.newContext({ offline: true, viewport: { width: 932, height: 800 } });
  const tab = await context.newPage();
  const problems: string[] = [];
  tab.on('pageerror', (error) => problems.push(error.message));
  tab.on('console', (message) => problems.push(message.text()));
  tab.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && request.url() !== pathToFileURL(file).href)
      problems.push(request.url());
  });
  await tab.goto(pathToFileURL(file).href);
  const close = async (): Promise<string[]> => {
    const width = await tab.evaluate(() => document.documentElement.scrollWidth);
    if (width > 932) problems.push(`${width} pixels wide`);
    const unseen = (): string[] =>
      [...document.querySelectorAll('img')].flatMap((image) =>
        image.complete && image.naturalWidth > 0 ? [] : ['an image that does not show'],
      );
    problems.push(...(await missedByReaders(tab)), ...(await tab.evaluate(unseen)));
    await context.close();
    return problems;
  };
  return { tab, close };
}

const state = (tab: Page, key: string): Promise<string | null> => tab.locator('.tl-view').getAttribute(`data-${key}`);

testUnless(noChromium, 'triplets: filters count and choose, keys and buttons turn the pages', async (t) => {
  const { tab, close } = await open('triplets', await figures.tripletBrowser(dataset, { models: [good, poor] }));
  t.is(await state(tab, 'page'), '1');
  const first = await tab.locator('.tl-view img').first().getAttribute('alt');
  await tab.locator('.tl-view').focus();
  await tab.keyboard.press('ArrowRight');
  await tab.keyboard.press('ArrowRight');
  t.is(await state(tab, 'page'), '3');
  t.not(await tab.locator('.tl-view img').first().getAttribute('alt'), first);
  await tab.keyboard.press('Home');
  t.is(await state(tab, 'page'), '1');
  t.true(await tab.getByRole('button', { name: 'previous' }).isDisabled());
  // By keyboard alone: to the subset, then to the model's answers.
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('t');
  await tab.getByRole('combobox').nth(2).selectOption('wrong');
  const said = await tab.getByRole('status').textContent();
  t.regex(said!, /^[\d,]+ of [\d,]+ triplets \(\d+\.\d %\); \d+ of them here$/);
  const cards = await tab.locator('[data-part=body] > div > div').allTextContents();
  t.true(cards.length > 0 && cards.every((text) => text.startsWith('training') && text.includes(`✗ ${nasty} wrong`)));
  const [, here] = /; (\d+) of them/.exec(said!)!;
  t.is(await tab.locator('[data-part=page]').textContent(), `page 1 of ${Math.ceil(Number(here) / 4)}`);
  t.deepEqual(await close(), []);
});

testUnless(noChromium, 'neighbours: a search narrows the list, keys go to the next picture', async (t) => {
  const { tab, close } = await open('neighbors', await figures.neighborBrowser(dataset, [good, poor]));
  await tab.locator('.tl-view').focus();
  const before = await state(tab, 'query');
  await tab.keyboard.press('ArrowRight');
  const after = await state(tab, 'query');
  t.not(after, before);
  t.true((await tab.locator('[data-part=body]').textContent())!.includes(`neighbours of${after}`));
  await tab.getByLabel('find').fill('item 17');
  t.is(await state(tab, 'query'), 'item 17');
  t.is(await tab.getByRole('status').textContent(), '1 of 60 pictures');
  t.is(await tab.locator('.tl-view img').count(), 1 + 2 * 7);
  await tab.getByLabel('find').fill('none such');
  t.is(await tab.getByRole('status').textContent(), '0 of 60 pictures');
  t.deepEqual(await close(), []);
});

testUnless(noChromium, 'similarity matrix: a click and the arrow keys show the pair and its cosine', async (t) => {
  const items = Array.from({ length: 12 }, (_, i) => i);
  const { tab, close } = await open(
    'similarity',
    await figures.similarityBrowser(dataset, good, { items, order: 'given' }),
  );
  // The middle of row 2, column 9 of 12 in 440 pixels.
  await tab.locator('[data-part=matrix]').click({ position: { x: (9.5 * 440) / 12, y: (2.5 * 440) / 12 } });
  t.is(await state(tab, 'pair'), '2,9');
  await tab.keyboard.press('ArrowDown');
  await tab.keyboard.press('ArrowLeft');
  t.is(await state(tab, 'pair'), '3,8');
  const names = await tab
    .locator('[data-part=pair] img')
    .evaluateAll((list) => list.map((one) => one.getAttribute('alt')));
  t.deepEqual(names, ['item 3, row', 'item 8, column']);
  const row = (i: number): number[] => Array.from(good.data.subarray(4 * i, 4 * i + 4));
  const cosine = row(3).reduce((sum, x, k) => sum + x * row(8)[k], 0) / Math.hypot(...row(3)) / Math.hypot(...row(8));
  const said = Number((await tab.locator('[data-part=pair] b').textContent())!);
  t.true(Math.abs(said - cosine) < 1e-3);
  t.deepEqual(await close(), []);
});

testUnless(noChromium, 'map: it is drawn, zooming brings up pictures, keys go from point to point', async (t) => {
  const groups = dataset.items.map(({ index }) => (dataset.factors[4 * index] < 0.5 ? 'low' : nasty));
  const { tab, close } = await open('map', await figures.pictureMap(dataset, good, { groups }));
  await tab.waitForFunction(() => Number(document.querySelector<HTMLElement>('.tl-view')?.dataset.pictures) > 0);
  const inked = await tab.locator('[data-part=canvas]').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) count += Number(data[at] + data[at + 1] + data[at + 2] < 700);
    return count;
  });
  t.true(inked > 60 * 20);
  await tab.locator('.tl-view').focus();
  const chosen = await state(tab, 'chosen');
  const reached = new Set<string>([chosen!]);
  for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown']) {
    await tab.keyboard.press(key);
    reached.add((await state(tab, 'chosen'))!);
  }
  t.true(reached.size >= 2);
  await tab.keyboard.press('+');
  t.is(await state(tab, 'zoom'), '1.50');
  await tab.keyboard.press('0');
  t.is(await state(tab, 'zoom'), '1.00');
  await tab.getByRole('checkbox').uncheck();
  t.is(await state(tab, 'pictures'), '0');
  t.is(await tab.locator('[data-part=small]').getAttribute('aria-label'), await state(tab, 'chosen'));
  t.deepEqual(await close(), []);
});

testUnless(noChromium, 'disagreement: kinds are chosen and paged', async (t) => {
  const teachers = [good, noisyFactors(dataset, 'other', 0.05)];
  const { tab, close } = await open('disagreement', await figures.disagreementBrowser(dataset, poor, teachers));
  t.is(await tab.locator('.tl-view img').count(), 8);
  await tab.getByLabel('show').selectOption('triplets answered otherwise');
  t.is(await tab.locator('.tl-view img').count(), 12);
  await tab.getByRole('button', { name: 'next' }).press('Enter');
  t.is(await state(tab, 'page'), '2');
  t.deepEqual(await close(), []);
});

testUnless(noChromium, 'losses: the slider moves by keys and shows another loss and other arrows', async (t) => {
  const view = figures.lossPicture({
    losses: [
      { loss_type: 'ste', parameters: { tau: 0.25 }, label: nasty },
      { loss_type: 'triplet', parameters: { margin: 0.2 } },
    ],
    angles: [0, 40, 100],
    names: ['a', 'b', nasty],
    frames: 24,
  });
  // Twice the same on a page: each answers for itself.
  const { tab, close } = await open('loss', [view, view]);
  const picture = tab.locator('.tl-view').first().locator('svg');
  const before = await picture.getAttribute('aria-label');
  await tab.getByRole('slider').first().focus();
  await tab.keyboard.press('ArrowRight');
  const after = await picture.getAttribute('aria-label');
  t.not(after, before);
  t.regex(after!, /at 120 degrees$/);
  t.is(await tab.locator('.tl-view').nth(1).locator('svg').getAttribute('aria-label'), before);
  await tab.locator('.tl-view').first().locator('select').selectOption('triplet');
  t.regex((await picture.getAttribute('aria-label'))!, /^triplet /);
  t.deepEqual(await close(), []);
});

testUnless(
  noChromium,
  'figures of agreement, of data sets and of records are drawn on a page of their own',
  async (t) => {
    const teachers = [good, noisyFactors(dataset, 'second', 0.1), { ...poor, name: nasty }];
    const { validation } = dataset.triplets;
    const { tab, close } = await open('figures', [
      figures.agreementMatrix(teachers, validation, false),
      figures.teacherVotes(teachers, validation, false),
      figures.datasetTables(dataset),
      figures.datasetPlots(dataset),
      figures.recordedCurves([]),
    ]);
    await tab.waitForFunction(() => document.querySelectorAll('.js-plotly-plot .main-svg').length >= 4 * 3, undefined, {
      timeout: 60_000,
    });
    t.is(await tab.locator('.js-plotly-plot .heatmaplayer image').count(), 1);
    t.is(await tab.locator('.js-plotly-plot').nth(1).locator('.bars path').count(), 4);
    t.is(await tab.locator('[role=img][aria-label]').count(), 4);
    t.deepEqual(await close(), []);
  },
);

const yummly = findRoot('yummly');
testUnless(
  noChromium ?? (yummly && existsSync(join(yummly, 'images')) ? undefined : 'TRIPLETLAB_DATA has no yummly/images'),
  "views of Yummly's pictures",
  async (t) => {
    const { dataset: section } = loadTrainingConfiguration('configurations/yummly/yummly_p_ste.yaml');
    const food = makeTripletDataset(section);
    const stream = new RandomStream(0, 'yummly');
    const random = ['one', 'two'].map((name) => ({
      name,
      size: 8,
      data: Float32Array.from({ length: 8 * food.items.length }, () => stream.normal()),
    }));
    const { tab, close } = await open('yummly', [
      await figures.tripletBrowser(food, { models: random }),
      await figures.neighborBrowser(food, random, { limit: 20 }),
      await figures.similarityBrowser(food, random[0]),
      await figures.pictureMap(food, random[0]),
      await figures.disagreementBrowser(food, random[0], random.slice(1)),
      figures.datasetTables(food),
    ]);
    t.is(await tab.locator('.tl-view[data-live]').count(), 5);
    t.is(await tab.locator('.tl-blank').count(), 0);
    t.regex((await tab.getByRole('status').first().textContent())!, /^126,922 of 126,922 triplets/);
    t.deepEqual(await close(), []);
  },
);
