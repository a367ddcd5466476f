import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { UsageError } from '../../errors.js';
import { scriptJson } from '../../html/escape.js';
import { pagePolicy, plotlyFile } from '../../figures/write-html.js';
import { makeWorkFolder } from '../../locks/index.js';
import { endsWithUs } from '../children.js';
import { chromiumArguments, findChromium } from './chromium.js';

/** Default size of a figure in pixels; a figure's own height has priority. */
const figureSize = { width: 900, height: 450 };
const htmlWidth = 1124; // of views, which are at most 1100 wide
/** Most height of one screenshot, in pixels. */
const MOST_HEIGHT = 8000;
const TIMEOUT = 300; // s, for all pictures of a kind in a notebook

export interface PlotlyJson {
  readonly data: unknown[];
  readonly layout?: { readonly height?: number };
}

/** Opens a page in a headless Chromium and returns its document when the given time has passed in it. */
async function opened(
  html: string,
  virtualMilliseconds: number,
  options: readonly string[] = ['--dump-dom'],
): Promise<string> {
  const chromium = findChromium();
  const { folder, remove } = makeWorkFolder(tmpdir(), 'tripletlab-pictures-');
  try {
    const file = join(folder, 'page.html');
    writeFileSync(file, html);
    const drawn = promisify(execFile)(
      chromium,
      [
        ...chromiumArguments,
        `--user-data-dir=${join(folder, 'profile')}`,
        // Virtual time stands still while a picture is drawn, so this cannot end too early.
        `--virtual-time-budget=${virtualMilliseconds}`,
        ...options,
        pathToFileURL(file).href,
      ],
      { maxBuffer: 1 << 30, timeout: 1000 * TIMEOUT },
    );
    endsWithUs(drawn.child);
    const { stdout } = await drawn.catch((error: unknown) => {
      throw new UsageError(`cannot draw figures: ${chromium} failed; ${(error as Error).message.split('\n')[0]}`);
    });
    return stdout;
  } finally {
    remove();
  }
}

/** Returns the page that draws all figures and leaves each as a data URI in its own element. */
function figuresPage(figures: readonly PlotlyJson[]): string {
  const { width, height } = figureSize;
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
 * Draws figures as PNG pictures, base64, all in one run of a headless Chromium.
 *
 * @throws UsageError where Chromium is missing or draws none
 */
export async function drawFigures(figures: readonly PlotlyJson[]): Promise<string[]> {
  if (figures.length === 0) return [];
  const document = await opened(figuresPage(figures), 20_000 * figures.length);
  const pictures = [...document.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text]) => text);
  return figures.map((_, i) => {
    const prefix = 'data:image/png;base64,';
    if (!pictures[i]?.startsWith(prefix))
      throw new UsageError(`cannot draw figure ${i + 1}: ${pictures[i]?.slice(0, 200) ?? 'chromium drew nothing'}`);
    return pictures[i].slice(prefix.length);
  });
}

/**
 * Returns the page that shows HTML fragments one below another, without the controls of views, and tells their heights.
 */
function htmlPage(pieces: readonly string[]): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${pagePolicy}">
<style>html,body{margin:0;color:#111;background:#fff;overflow:hidden;font:16px system-ui,sans-serif}
.piece{display:flow-root;padding:2px 12px;width:${htmlWidth}px;box-sizing:border-box}.piece .tl-controls{display:none!important}</style>
${pieces.map((piece) => `<div class="piece">${piece}</div>`).join('\n')}
<script>addEventListener("load",function(){
  setTimeout(function(){
    const out=document.createElement("pre");
    out.id="heights";
    out.textContent=[...document.querySelectorAll(".piece")].map(function(piece){
      const height=Math.ceil(piece.getBoundingClientRect().height); // whole, so that the next begins at a pixel
      piece.style.height=height+"px";
      return height}).join(" ");
    document.body.appendChild(out)},1000)
})</script>`;
}

/** Groups consecutive fragments so that no group is too high. */
function groupsOf(heights: readonly number[]): number[][] {
  const groups: number[][] = [];
  let sum = Infinity;
  for (const [at, height] of heights.entries()) {
    if (sum + height > MOST_HEIGHT) {
      groups.push([]);
      sum = 0;
    }
    groups[groups.length - 1].push(at);
    sum += height;
  }
  return groups;
}

/**
 * Draws HTML fragments, views in their first state, as PNG pictures, base64.
 *
 * @throws UsageError where Chromium is missing or draws none
 */
export async function drawHtml(pieces: readonly string[]): Promise<string[]> {
  if (pieces.length === 0) return [];
  const { default: sharp } = await import('sharp');
  const told = /<pre id="heights">([\d ]+)<\/pre>/.exec(await opened(htmlPage(pieces), 5000));
  if (told === null) throw new UsageError('cannot draw views: chromium drew nothing');
  const heights = told[1].split(' ').map(Number);
  const pictures: string[] = [];
  const { folder, remove } = makeWorkFolder(tmpdir(), 'tripletlab-pictures-');
  try {
    for (const group of groupsOf(heights)) {
      const file = join(folder, `${group[0]}.png`);
      const height = group.reduce((sum, at) => sum + heights[at], 0);
      const size = `--window-size=${htmlWidth},${height + 200}`; // some versions subtract the window's frame
      await opened(htmlPage(group.map((at) => pieces[at])), 5000, ['--hide-scrollbars', size, `--screenshot=${file}`]);
      let top = 0;
      for (const at of group) {
        const area = { left: 0, top, width: htmlWidth, height: heights[at] };
        const png = await sharp(file).extract(area).png({ palette: true, effort: 10 }).toBuffer();
        pictures.push(png.toString('base64'));
        top += heights[at];
      }
    }
    return pictures;
  } finally {
    remove();
  }
}
