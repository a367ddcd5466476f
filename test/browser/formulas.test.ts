import test from 'ava';
import type { Browser } from 'playwright-core';
import { pagePolicy } from '../../src/figures/write-html.js';
import { renderMarkdownMath } from '../../src/notebook/export/markdown-math.js';
import { mathStyle } from '../../src/notebook/export/mathml.js';
import { joined, listNotebooks, readNotebook } from '../../src/notebook/notebook-file.js';
import { noChromium, testUnless } from '../notebook/helpers.js';
import { launchBrowser } from './launch.js';

let browser: Browser | undefined;

test.before(async () => {
  if (!noChromium) browser = await launchBrowser();
});
test.after.always(() => browser?.close());

/** A page of a phone's width with some Markdown's formulas, under the policy of exported pages. */
async function open(markdown: string): Promise<import('playwright-core').Page> {
  const page = await browser!.newPage({ viewport: { width: 390, height: 800 } });
  await page.setContent(
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${pagePolicy}">` +
      `<meta name="viewport" content="width=device-width">${mathStyle()}<body>${renderMarkdownMath(markdown)}`,
  );
  await page.evaluate(() => document.fonts.ready);
  return page;
}

testUnless(
  noChromium,
  'wide formulas of the notebooks break or scroll on a narrow page, which stays narrow',
  async (t) => {
    const methods = listNotebooks().filter((file) => /method-\d/.test(file));
    t.is(methods.length, 3);
    const formulas = methods
      .flatMap((file) => readNotebook(file).cells)
      .filter(({ cell_type }) => cell_type === 'markdown')
      .flatMap(({ source }) => joined(source).match(/\$\$[\s\S]+?\$\$/g) ?? []);
    const page = await open(formulas.join('\n') + formulas.join('\n').replaceAll('$$', () => '$'));
    const shown = await page.locator('math').evaluateAll((list) =>
      list.map(({ clientWidth, scrollWidth, scrollHeight, clientHeight }) => ({
        scrolls: scrollWidth > clientWidth,
        cut: scrollHeight > clientHeight,
      })),
    );
    t.is(shown.length, 2 * formulas.length);
    t.true(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    t.true(shown.some(({ scrolls }) => scrolls));
    t.deepEqual(
      shown.filter(({ cut }) => cut),
      [],
    );
    await page.close();
  },
);

testUnless(noChromium, 'a prime is drawn by the font of the page, beside its letter and within the line', async (t) => {
  const page = await open("The margin $x'$ of $x$.");
  t.deepEqual(await page.evaluate(() => [...document.fonts].map(({ family, status }) => [family, status])), [
    ['Temml', 'loaded'],
  ]);
  const [letter, prime] = await page
    .locator('math')
    .first()
    .locator('mi, mo')
    .evaluateAll((list) => list.map((element) => element.getBoundingClientRect().toJSON() as DOMRect));
  t.true(Math.abs(prime.left - letter.right) < letter.width / 2);
  t.true(prime.bottom < letter.bottom && Math.abs(prime.bottom - letter.top) < letter.height / 2);
  await page.close();
});
