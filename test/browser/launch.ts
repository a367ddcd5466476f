import { chromium, type Browser } from 'playwright-core';
import { chromiumArguments, findChromium } from '../../src/notebook/export/chromium.js';

/** Chromium without a window; playwright-core adds what it needs to steer it. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    args: chromiumArguments.filter((argument) => argument !== '--headless'),
  });
