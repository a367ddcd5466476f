import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import type { Browser, Page } from 'playwright-core';
import { packageRoot } from '../../src/assets.js';
import { exportHtml } from '../../src/notebook/export/export-html.js';
import { makeFolder, noChromium, noJupyter, testUnless } from '../notebook/helpers.js';
import { launchBrowser } from './launch.js';
import { pageBrightness, paleTexts } from './page-colors.js';

const { folder, remove } = makeFolder();
let browser: Browser | undefined;
test.before(async () => {
  if (!noChromium) browser = await launchBrowser();
});
test.after.always(async () => {
  await browser?.close();
  remove();
});

/** Opens a page as a reader with such a window and system does, and waits until its figures are drawn. */
async function open(file: string, width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser!.newContext({ offline: true, viewport: { width, height: 800 }, colorScheme });
  const tab = await context.newPage();
  tab.setDefaultTimeout(5 * 60_000);
  await tab.goto(pathToFileURL(file).href);
  await tab.waitForFunction(() =>
    [...document.querySelectorAll('[id^="figure-"]')].every((figure) => figure.querySelector('.main-svg')),
  );
  await tab.evaluate(() => document.fonts.ready);
  return tab;
}

const pageWidth = (tab: Page): Promise<number> => tab.evaluate(() => document.scrollingElement!.scrollWidth);

/** The formulas of which a part is not seen, for want of width. */
const cutFormulas = (tab: Page): Promise<string[]> =>
  tab.evaluate(() =>
    [...document.querySelectorAll('math')]
      .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth + 1)
      .map((formula) => formula.getAttribute('alttext') ?? ''),
  );

for (const name of ['method-1-triplets', 'method-3-distillation', 'table-teacher-size', 'findings'])
  testUnless(
    noJupyter ?? noChromium,
    `the page of ${name} fits a telephone and can be read, light and dark`,
    async (t) => {
      t.timeout(20 * 60_000);
      const page = await exportHtml(join(packageRoot(), 'notebooks', `${name}.ipynb`), folder);
      const dark = await open(page, 390, 'dark');
      t.true((await pageWidth(dark)) <= 390);
      t.true((await pageBrightness(dark)) < 50);
      t.deepEqual(await paleTexts(dark), []);
      t.deepEqual(await cutFormulas(dark), []);
      t.notRegex(await dark.locator('body').innerText(), /^(In|Out)\s*\[\d+\]:/m);

      // The same page, where the reader's system turns light: figures are drawn anew.
      await dark.emulateMedia({ colorScheme: 'light' });
      await dark.waitForFunction(() =>
        [...document.querySelectorAll<HTMLElement>('[id^="figure-"]')].every(
          (figure) => figure.dataset['ink'] === getComputedStyle(figure).color,
        ),
      );
      t.true((await pageBrightness(dark)) > 200);
      t.deepEqual(await paleTexts(dark), []);
      await dark.close();

      const wide = await open(page, 1100, 'light');
      t.true((await pageWidth(wide)) <= 1100);
      t.deepEqual(await cutFormulas(wide), []);
      await wide.close();
    },
  );
