import test, { type Implementation } from 'ava';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../../src/notebook/export/chromium.js';
import { findJupyter } from '../../src/notebook/kernel/jupyter.js';
import type { Notebook } from '../../src/notebook/notebook-file.js';
import { packageRoot } from '../../src/assets.js';

function reasonWithout(find: () => string): string | undefined {
  try {
    find();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export const noJupyter = reasonWithout(findJupyter);
export const noChromium = reasonWithout(findChromium);

/** A test that is skipped, with the reason in its title, where a program is missing. */
export function testUnless(
  missing: string | undefined,
  title: string,
  implementation: Implementation<unknown[], unknown>,
): void {
  if (missing === undefined) test.serial(title, implementation);
  else test.skip(`${title} (${missing})`, implementation);
}

/** A folder below the package's root, as imports from `../../dist` need it. */
export function makeFolder(): { folder: string; remove: () => void } {
  const build = join(packageRoot(), 'build');
  mkdirSync(build, { recursive: true });
  const folder = mkdtempSync(join(build, 'test-'));
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes a notebook of code cells; a cell that starts with `md ` is one of Markdown. */
export function makeNotebook(file: string, cells: readonly string[]): string {
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'tripletlab', display_name: 'TypeScript (tripletlab)', language: 'typescript' },
      language_info: { name: 'typescript' },
    },
    cells: cells.map((source, i) =>
      source.startsWith('md ')
        ? { cell_type: 'markdown', id: `cell-${i}`, metadata: {}, source: source.slice(3) }
        : { cell_type: 'code', id: `cell-${i}`, metadata: {}, execution_count: null, outputs: [], source },
    ),
  };
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}
