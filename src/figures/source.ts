import { existsSync, readFileSync } from 'node:fs';
import { builtFile, packageRoot } from '../assets.js';
import { pathInside } from '../files.js';
import { UsageError } from '../errors.js';
import { html } from '../html/template.js';

/** Returns a source file of this package; an installed package has it as JavaScript. */
function sourceOf(file: string): string {
  const built = file.replace(/^src\//, '').replace(/\.ts$/, '.js');
  const path = [pathInside(packageRoot(), file), pathInside(builtFile(), built)].find((one) => existsSync(one));
  if (path === undefined) throw new UsageError(`missing file: ${file}; give a path such as src/losses/ste.ts`);
  return readFileSync(path, 'utf8');
}

/**
 * Returns the source text of a function or constant of this package, to show beside its formula: from its `export` or
 * `function` line to the line before the next statement, or before that statement's comment.
 *
 * @param file from the package's root, such as `src/losses/ste.ts`
 * @throws UsageError where there is no such file, or nothing of that name in it
 */
export function sourceText(file: string, name: string): string {
  const lines = sourceOf(file).split('\n');
  const start = lines.findIndex((line) => new RegExp(`^(export )?(async )?(const|function) ${name}\\b`).test(line));
  if (start < 0)
    throw new UsageError(`unknown name: ${name}; ${file} has no such function or constant, give a name that is in it`);
  const end = lines.findIndex((line, i) => i > start && /^[^\s)\]}]/.test(line));
  return lines
    .slice(start, end < 0 ? undefined : end)
    .join('\n')
    .trimEnd();
}

/** Returns `sourceText` as HTML, with the name of its file. */
export function sourceHtml(file: string, name: string): string {
  return html`
    <figure style="margin:0"><figcaption style="font-size:14px">${file}</figcaption>
    <pre style="background:color-mix(in srgb,currentColor 6%,transparent);border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:4px;padding:10px;margin:4px 0;font-size:14px;line-height:1.35;overflow-x:auto;white-space:pre;word-break:normal;overflow-wrap:normal">
    ${sourceText(file, name)}</pre></figure>
  `.toString();
}
