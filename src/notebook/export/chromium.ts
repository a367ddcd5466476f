import { UsageError } from '../../errors.js';
import { debianPackages, executable, installAdvice, programs } from '../programs.js';

/**
 * Finds a Chromium or Chrome: `$CHROMIUM` if set, else the first on the search path.
 *
 * @throws UsageError saying what to install
 */
export function findChromium(): string {
  const told = process.env['CHROMIUM'];
  if (told) {
    if (executable(told)) return told;
    throw new UsageError(`invalid CHROMIUM: ${told}; there is no such program, name another or unset CHROMIUM`);
  }
  for (const file of programs(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])) return file;
  throw new UsageError(`missing program: chromium; ${installAdvice(debianPackages.chromium)} or set CHROMIUM`);
}

/** Settings for a Chromium that draws local pages only: no window, no network, no first-run pages. */
export const chromiumArguments: readonly string[] = [
  '--headless',
  '--no-sandbox', // the sandbox is missing in most containers; the pages are this package's own
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
