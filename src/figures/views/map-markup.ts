import sharp from 'sharp';
import { html, type SafeHtml } from '../../html/template.js';
import { pictureSource } from '../pictures/picture.js';
import { COLORS, HEIGHT, WIDTH, type ItemGroups } from './map-layout.js';
import { tools } from './script-helpers.js';

/** Draws the points as a picture for pages where scripts do not run. */
async function stillMap(points: Float32Array, groups: readonly number[]): Promise<string> {
  const dots = groups.map(
    (group, i) =>
      `<circle cx="${points[2 * i].toFixed(1)}" cy="${points[2 * i + 1].toFixed(1)}" r="3" fill="${COLORS[group]}" fill-opacity="0.75"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#fff"/>${dots.join('')}</svg>`;
  return pictureSource(await sharp(Buffer.from(svg)).webp({ quality: 70 }).toBuffer(), 'webp');
}

/** The buttons of the map, and its legend where there are groups. */
export function mapControls({ names, sizes }: ItemGroups): SafeHtml {
  const legend = names.map(
    (name, g) =>
      html`<span style="white-space:nowrap"><span style="color:${COLORS[g]}">${['●', '■', '▲'][g % 3]}</span> ${name} (${tools.count(sizes[g])})</span>`,
  );
  return html`
    <button type="button" data-part="in">zoom in</button><button type="button" data-part="out">zoom out</button>
    <button type="button" data-part="whole">show all</button>
    <label><input type="checkbox" data-part="pictures" checked style="width:auto"> pictures</label>
    ${names.length > 1 ? html`<span style="display:flex;flex-wrap:wrap;gap:2px 14px;font-size:14px">${legend}</span>` : undefined}
  `;
}

/** The body of the map: a still picture, which the script replaces by the canvas. */
export async function mapBody(
  points: Float32Array,
  groups: ItemGroups,
  { sheet, alt }: { sheet: string; alt: string },
): Promise<SafeHtml> {
  return html`
    <img data-part="still" src="${await stillMap(points, groups.of)}" alt="${alt}" width="${WIDTH}" height="${HEIGHT}" style="width:100%;height:auto">
    <div style="position:relative"><canvas data-part="canvas" role="img" aria-label="${alt}" style="display:none;width:100%;border:1px solid #888;touch-action:none;cursor:grab"></canvas>
    <div style="position:absolute;left:8px;top:8px;width:min(112px,24%);background:rgba(255,255,255,.92);color:#111;padding:6px;pointer-events:none">
    <canvas data-part="small" role="img" width="100" height="100" style="display:none;max-width:100%"></canvas><div data-part="name" role="status" style="font-size:14px;line-height:1.25;overflow-wrap:anywhere"></div></div></div>
    <img data-part="sheet" src="${sheet}" alt="the pictures of the map" style="display:none">
  `;
}
