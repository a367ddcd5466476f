import { execFile } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { UsageError } from '../errors.js';
import { scriptJson } from '../figures/escape.js';
import { plotlyFile } from '../figures/write-html.js';
import { writeFileAtomic } from '../files.js';
import { plotlyType } from './export-html.js';
import { joined, notebookOutput, readNotebook, writeNotebook, type Notebook, type Output } from './notebook.js';
import { chromiumArguments, findChromium } from './chromium.js';

/** Size of a picture, pixels; a figure's own height goes before. */
const defaults = { width: 900, height: 450, timeout: 300 /* s, for all figures of a notebook */ };

interface PlotlyJson {
  readonly data: unknown[];
  readonly layout?: { readonly height?: number };
}

/** The page that draws all figures and leaves each as a data URI in an element of its own. */
function page(figures: readonly PlotlyJson[]): string {
  const { width, height } = defaults;
  return `<!doctype html><meta charset="utf-8"><script src="${pathToFileURL(plotlyFile()).href}"></script><body><script>
(async function(){
  const figures=${scriptJson(figures)};
  for(const {data,layout} of figures){
    const out=document.createElement("pre");
    try{out.textContent=await Plotly.toImage({data,layout:layout||{}},
      {format:"png",width:${width},height:(layout&&layout.height)||${height},scale:1})}
    catch(error){out.textContent="error: "+error}
    document.body.appendChild(out)}
})()</script>`;
}

/**
 * Figures as PNG pictures, base64, all drawn in one run of a headless Chromium.
 *
 * @throws UsageError where Chromium is missing or draws none
 */
export async function drawFigures(figures: readonly PlotlyJson[]): Promise<string[]> {
  if (figures.length === 0) return [];
  const chromium = findChromium();
  const folder = mkdtempSync(join(tmpdir(), 'figures-'));
  try {
    const file = join(folder, 'figures.html');
    writeFileSync(file, page(figures));
    const { stdout } = await promisify(execFile)(
      chromium,
      [
        ...chromiumArguments,
        `--user-data-dir=${join(folder, 'profile')}`,
        // Virtual time stands still while a picture is being made, so this is no race.
        `--virtual-time-budget=${20_000 * figures.length}`,
        '--dump-dom',
        pathToFileURL(file).href,
      ],
      { maxBuffer: 1 << 30, timeout: 1000 * defaults.timeout },
    ).catch((error: unknown) => {
      throw new UsageError(`cannot draw figures: ${chromium} failed; ${(error as Error).message.split('\n')[0]}`);
    });
    const pictures = [...stdout.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text]) => text);
    return figures.map((_, i) => {
      const prefix = 'data:image/png;base64,';
      if (!pictures[i]?.startsWith(prefix))
        throw new UsageError(`cannot draw figure ${i + 1}: ${pictures[i]?.slice(0, 200) ?? 'chromium drew nothing'}`);
      return pictures[i].slice(prefix.length);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** HTML without scripts, and without the controls of views, which would do nothing: a view in its first state. */
function stillHtml(html: string): string {
  return html.replace(/<script>[\s\S]*?<\/script>/g, '').replace(/<div class="tl-controls">[\s\S]*?<\/div>/g, '');
}

/** The outputs that are figures, and a picture of each: the one that is kept with it, or one drawn now. */
async function picturesOf(notebook: Notebook): Promise<{ output: Output; picture: string }[]> {
  const live = outputsOf(notebook).filter(({ data }) => data?.[plotlyType] !== undefined);
  const bare = live.filter(({ data }) => data!['image/png'] === undefined);
  const drawn = await drawFigures(bare.map(({ data }) => data![plotlyType] as PlotlyJson));
  const pictures = new Map(bare.map((output, i) => [output, drawn[i]]));
  return live.map((output) => ({ output, picture: pictures.get(output) ?? joined(output.data!['image/png']) }));
}

const outputsOf = ({ cells }: Notebook): Output[] => cells.flatMap((cell) => cell.outputs ?? []);

/**
 * Gives each figure of an executed notebook a picture in place of its HTML, which code hosts do not run: they show the
 * picture, and what draws figures itself (JupyterLab, VS Code, our export) has them live.
 *
 * @throws UsageError where the notebook is invalid or, if it has figures, Chromium is missing
 */
export async function keepPictures(file: string): Promise<void> {
  const notebook = readNotebook(file);
  for (const { output, picture } of await picturesOf(notebook)) {
    const { [plotlyType]: figure, 'text/plain': text = '[figure]' } = output.data!;
    output.data = { [plotlyType]: figure, 'image/png': picture, 'text/plain': text };
  }
  writeFileAtomic(file, writeNotebook(notebook));
}

/**
 * Writes `NAME.static.ipynb`, an executed notebook with a picture in place of each live figure and views in their first
 * state: nothing in it is live.
 *
 * @returns the copy's path
 * @throws UsageError where the notebook is invalid or, if it has figures, Chromium is missing
 */
export async function exportStatic(file: string, outputDirectory: string = notebookOutput()): Promise<string> {
  const notebook = readNotebook(file);
  mkdirSync(outputDirectory, { recursive: true });
  for (const { output, picture } of await picturesOf(notebook))
    output.data = { 'image/png': picture, 'text/plain': output.data!['text/plain'] ?? '[figure]' };
  for (const { data } of outputsOf(notebook))
    if (data?.['text/html'] !== undefined) data['text/html'] = stillHtml(joined(data['text/html']));
  const target = join(outputDirectory, `${basename(file, '.ipynb')}.static.ipynb`);
  writeFileAtomic(target, writeNotebook(notebook));
  return target;
}
