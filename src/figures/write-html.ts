import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileAtomic } from '../files.js';
import { packageRoot } from '../assets.js';
import { html, safeHtml } from '../html/template.js';
import { type Figure, figureHtml } from './figure.js';
import type { View } from './views/view.js';

/** Returns the published bundle of plotly.js, one file. */
export function plotlyFile(): string {
  const near = createRequire(join(packageRoot(), 'package.json'));
  return near.resolve('plotly.js-dist-min/plotly.min.js');
}

/** Returns plotly.js as a script element. */
export const plotlyScript = (): string =>
  `<script>${readFileSync(plotlyFile(), 'utf8').replace(/<\/script/gi, '<\\/script')}</script>`;

/** A content security policy that lets a page load nothing from anywhere else. */
export const pagePolicy =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; " +
  'font-src data:; worker-src blob:';

/** A figure, a view, or HTML such as a table. */
export type Shown = Figure | View | string;

const isFigure = (shown: Figure | View): shown is Figure => 'layout' in shown;

/**
 * Writes figures, views and HTML fragments, one below the other, as one HTML file that needs no network.
 *
 * @param options.title of the page; default: the first one's content in words
 * @throws UsageError where the file cannot be written
 */
export function writeHtml(shown: Shown | readonly Shown[], file: string, options: { title?: string } = {}): void {
  const parts = typeof shown === 'string' || !Array.isArray(shown) ? [shown as Shown] : (shown as readonly Shown[]);
  const first = parts.find((part) => typeof part !== 'string');
  const title = options.title ?? (first as Figure | View | undefined)?.alt ?? 'tripletlab';
  const figures = parts.some((part) => typeof part !== 'string' && isFigure(part));
  const body = parts.map((part) => (typeof part === 'string' ? part : isFigure(part) ? figureHtml(part) : part.html));
  const head = html`
    <html lang="en"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${safeHtml(pagePolicy)}">
    <meta name="viewport" content="width=device-width"><title>${title}</title>
    ${figures ? safeHtml(plotlyScript()) : undefined}
    <style>:root{color-scheme:light dark}body{font:16px/1.4 system-ui,sans-serif;color:#111;background:#fff;margin:16px}
    @media(prefers-color-scheme:dark){body{color:#eee;background:#111}}main>table{display:block;max-width:100%;overflow-x:auto}</style></head>
  `.toString();
  writeFileAtomic(file, `<!doctype html>\n${head}<body>\n<main>${body.join('\n')}</main>\n</body></html>\n`);
}
