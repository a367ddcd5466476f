import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../../errors.js';
import { figureHtml, type Figure } from '../../figures/figure.js';
import { pagePolicy, plotlyScript } from '../../figures/write-html.js';
import { writeFileAtomic } from '../../files.js';
import { makeWorkFolder } from '../../locks/index.js';
import { endsWithUs } from '../children.js';
import { liveHtmlType, plotlyType } from './keep-pictures.js';
import { renderMarkdownMath } from './markdown-math.js';
import { foldLongCode } from './fold-code.js';
import { mathStyle } from './mathml.js';
import { pageStyle } from './page-style.js';
import { joined, type Notebook, notebookOutput, readNotebook, writeNotebook } from '../notebook-file.js';
import { findJupyter, jupyterEnvironment } from '../kernel/jupyter.js';

/** Returns the HTML that draws a figure of which a notebook kept the data and a picture. */
function drawing({ data, layout }: Omit<Figure, 'alt'>, text: string): string {
  return figureHtml({ data, layout, alt: /^\[figure: (.*)\]$/s.exec(text)?.[1] ?? 'figure' });
}

/** Returns the notebook as nbconvert should see it: formulas as MathML, and no second copy of each figure. */
function prepared(notebook: Notebook): { notebook: Notebook; figures: boolean } {
  let figures = false;
  for (const cell of notebook.cells) {
    if (cell.cell_type === 'markdown') cell.source = renderMarkdownMath(joined(cell.source));
    for (const output of cell.outputs ?? []) {
      const {
        [plotlyType]: figure,
        [liveHtmlType]: view,
        'text/html': html,
        'text/plain': text = '',
      } = output.data ?? {};
      if (view !== undefined) output.data = { 'text/html': view };
      if (figure === undefined) continue;
      output.data = { 'text/html': html ?? drawing(figure as Omit<Figure, 'alt'>, joined(text as string)) };
      figures = true;
    }
  }
  return { notebook, figures };
}

/**
 * Returns a page of nbconvert without its network requests, with our style, long code folded, and plotly.js inside if it
 * has figures.
 */
export function selfContained(page: string, figures: boolean): string {
  const head =
    `<meta http-equiv="Content-Security-Policy" content="${pagePolicy}">\n` +
    (figures ? `${plotlyScript()}\n` : '') +
    (page.includes('<math') ? `${mathStyle()}\n` : '');
  return foldLongCode(page)
    .replace(/<script[^>]*\ssrc=[^>]*>[\s\S]*?<\/script>/gi, '')
    .replace(/<script[^>]*type="(?:module|text\/x-mathjax-config)"[^>]*>[\s\S]*?<\/script>/gi, '')
    .replace(/<link[^>]*\shref=[^>]*>/gi, '')
    .replace('<html>', '<html lang="en">')
    .replace(/<meta charset="utf-8"\s*\/?>/i, (charset) => `${charset}\n${head}`)
    .replace('</head>', () => `${pageStyle()}\n</head>`);
}

/**
 * Writes an executed notebook as one HTML file that needs no network: figures are live, plotly.js is inside,
 * formulas are MathML, and long code is folded.
 *
 * @returns the HTML file's path
 * @throws UsageError where the notebook is invalid or Jupyter is missing
 */
export async function exportHtml(file: string, outputDirectory: string = notebookOutput()): Promise<string> {
  const { notebook, figures } = prepared(readNotebook(file));
  const jupyter = findJupyter();
  const name = basename(file, '.ipynb');
  const { folder: temporary, remove } = makeWorkFolder(outputDirectory, '.html-');
  try {
    const copy = join(temporary, `${name}.ipynb`);
    writeFileAtomic(copy, writeNotebook(notebook));
    const converted = promisify(execFile)(
      jupyter,
      ['nbconvert', '--to', 'html', '--no-prompt', copy, '--output', `${name}.html`],
      {
        env: jupyterEnvironment(),
        maxBuffer: 1 << 26,
      },
    );
    endsWithUs(converted.child);
    await converted.catch((error: unknown) => {
      const lines = String((error as { stderr?: string }).stderr ?? error).split('\n');
      throw new UsageError(`cannot export ${file}: ${lines.filter((line) => line.trim()).pop()}`);
    });
    const page = join(outputDirectory, `${name}.html`);
    writeFileAtomic(page, selfContained(readFileSync(join(temporary, `${name}.html`), 'utf8'), figures));
    return page;
  } finally {
    remove();
  }
}
