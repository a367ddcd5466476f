import sharp from 'sharp';
import { html, safeHtml, type SafeHtml } from '../../html/template.js';
import { pictureSource } from '../pictures/picture.js';
import { cividis, cividisCss } from './cividis.js';
import type { SimilarityCells } from './similarity-cells.js';
import { pairBody, type ShownMatrix } from './similarity-script.js';
import { tools } from './script-helpers.js';

/** Side of the matrix on the page, pixels. */
export const SIDE = 440;

/** Draws the matrix as a picture of n x n pixels, grey where there is no value. */
export async function drawCells({ n, values }: SimilarityCells, low: number, high: number): Promise<string> {
  const pixels = Buffer.alloc(3 * n * n, 0xcc);
  values.forEach((value, at) => {
    if (Number.isFinite(value)) pixels.set(cividis((value - low) / (high - low || 1)), 3 * at);
  });
  return pictureSource(
    await sharp(pixels, { raw: { width: n, height: n, channels: 3 } })
      .png()
      .toBuffer(),
    'png',
  );
}

/** The heat map with its colour scale, and the pair of the cell that is chosen first. */
export function matrixBody(
  data: ShownMatrix,
  value: number,
  { image, alt, low, high }: { image: string; alt: string; low: number; high: number },
): SafeHtml {
  const { start, size } = data;
  const percent = (at: number): string => `${(100 * at) / data.n}%`;
  return html`
    <div style="display:flex;flex-wrap:wrap;gap:20px"><div style="width:min(${SIDE}px,100%)"><div data-part="matrix" style="position:relative;aspect-ratio:1;cursor:crosshair">
    <img src="${image}" alt="${alt}" width="${SIDE}" height="${SIDE}" style="image-rendering:pixelated;width:100%;height:100%">
    <div data-part="cross" style="position:absolute;left:${percent(start[1])};top:${percent(start[0])};width:${percent(1)};height:${percent(1)};min-width:7px;min-height:7px;outline:2px solid #fff;box-shadow:0 0 0 4px #D00000;pointer-events:none"></div></div>
    <div style="display:flex;align-items:center;gap:8px;margin-top:8px;font-size:14px"><span>${low.toFixed(2)}</span>
    <span style="flex:1;height:12px;background:${cividisCss}"></span><span>${high.toFixed(2)}</span></div></div>
    <div data-part="pair" role="status" style="flex:1;min-width:min(100%,${2 * size + 12}px)">${safeHtml(pairBody(data, start[0], start[1], value, tools))}</div></div>
  `;
}
