import sharp from 'sharp';
import { classNameOf, type ItemDataset } from '../../datasets/dataset.js';
import { UsageError } from '../../errors.js';
import { RandomStream } from '../../random/stream.js';
import { html } from '../../html/template.js';
import { palette } from '../palette.js';
import { pictureSource } from '../pictures/picture.js';
import { projectToPlane } from '../projections/principal-components.js';
import { umap, type UmapOptions } from '../projections/umap.js';
import { mapScript, type ShownMap } from './map-script.js';
import { checkEmbeddings, embeddedItems, type NamedEmbeddings } from './named-embeddings.js';
import { drawSome } from './sample.js';
import { itemName, missingNote, spriteSheet } from './thumbnails.js';
import { tools } from './tools.js';
import { makeView, type View } from './view.js';

export interface PictureMapOptions extends UmapOptions {
  title?: string;
  method?: 'umap' | 'pca';
  /** The items (default: all that have an embedding). */
  items?: ArrayLike<number>;
  /** The group that gives each item's colour (default: its class, where classes have several items). */
  groups?: readonly string[];
  /** Most points; of more items as many are sampled at random. */
  limit?: number;
  /** Most points with a picture. */
  pictures?: number;
  /** Side of a picture in the page, pixels. */
  tile?: number;
}

const defaults = {
  title: 'Map of the pictures',
  method: 'umap',
  limit: 3000,
  pictures: 1000,
  tile: 48,
  seed: 0,
} as const;

const WIDTH = 860;
const HEIGHT = 560;

/** Colours of the six largest groups, and grey for the rest. */
const COLORS = [...palette.slice(0, 6), '#8A8A8A'];

/** Scales points to pixels of the page: both axes to the same scale, all points visible, the second axis upwards. */
function ontoPage(points: ArrayLike<number>, margin: number): Float32Array {
  const n = points.length / 2;
  const range = [0, 1].map((axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < n; i++)
      [low, high] = [Math.min(low, points[2 * i + axis]), Math.max(high, points[2 * i + axis])];
    return { middle: (low + high) / 2, extent: high - low };
  });
  const room = [WIDTH - 2 * margin, HEIGHT - 2 * margin];
  const unit = Math.max(...range.map(({ extent }, axis) => extent / room[axis])) || 1;
  return Float32Array.from({ length: 2 * n }, (_, at) => {
    const x = (points[at] - range[at % 2].middle) / unit;
    return at % 2 ? HEIGHT / 2 - x : WIDTH / 2 + x;
  });
}

/** Draws the points as a picture for pages where scripts do not run. */
async function stillMap(points: Float32Array, groups: readonly number[]): Promise<string> {
  const dots = groups.map(
    (group, i) =>
      `<circle cx="${points[2 * i].toFixed(1)}" cy="${points[2 * i + 1].toFixed(1)}" r="3" fill="${COLORS[group]}" fill-opacity="0.75"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#fff"/>${dots.join('')}</svg>`;
  return pictureSource(await sharp(Buffer.from(svg)).webp({ quality: 70 }).toBuffer(), 'webp');
}

/** Finds the six largest groups and, for each item, which it is in; 6 for all others. */
function groupItems(labels: readonly string[]): { names: string[]; of: number[]; sizes: number[] } {
  const sizes = new Map<string, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const sorted = [...sizes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
  const own = sorted.slice(0, sorted.length <= COLORS.length ? COLORS.length : COLORS.length - 1).sort();
  const of = labels.map((label) => (own.includes(label) ? own.indexOf(label) : COLORS.length - 1));
  const rest = sorted.length - own.length;
  const names = rest > 0 ? [...own, `${rest} others`] : own;
  return { names, of, sizes: names.map((_, g) => of.reduce((sum, group) => sum + Number(group === g), 0)) };
}

/**
 * Shows items in the plane with small pictures, by UMAP or on their first two principal components. One can zoom; the
 * point under the pointer, or reached by arrow keys, is shown large with its name.
 *
 * Of more than `limit` items as many are sampled at random: UMAP of 26,000 takes minutes.
 *
 * @throws UsageError for an unknown method, where embeddings lack a row for an item, groups do not match, or UMAP has
 *   too few points
 */
export async function pictureMap(
  dataset: ItemDataset,
  embeddings: NamedEmbeddings,
  options: PictureMapOptions = {},
): Promise<View> {
  const { title, method, limit, pictures: most, tile, seed, ...layout } = { ...defaults, ...options };
  if (!['umap', 'pca'].includes(method))
    throw new UsageError(`unknown method: ${method as string}; umap or pca needed`);
  checkEmbeddings(dataset, [embeddings]);
  const { data, size } = embeddings;
  if (options.groups && options.groups.length !== dataset.items.length)
    throw new UsageError(
      `invalid groups: ${options.groups.length}; one for each of ${dataset.items.length} items needed`,
    );
  const all = embeddedItems([embeddings], Array.from(options.items ?? dataset.items.keys()));
  const items = drawSome(all.length, limit, new RandomStream(seed, 'picture map', 'points')).map((at) => all[at]);
  if (items.length < 3)
    throw new UsageError(`invalid items: ${items.length} with embeddings; three at least are needed`);
  const rows = new Float32Array(items.length * size);
  items.forEach((item, i) => {
    rows.set(data.subarray(item * size, (item + 1) * size), i * size);
  });
  const neighbors = Math.min(layout.neighbors ?? 15, items.length - 1);
  const projection = method === 'pca' ? projectToPlane(rows, items.length, size) : undefined;
  const points = ontoPage(projection?.points ?? umap(rows, size, { ...layout, neighbors, seed }), tile);
  const grouped = dataset.classNames.length < dataset.items.length;
  const label = (item: number): string =>
    options.groups?.[item] ?? (grouped ? classNameOf(dataset, dataset.items[item]) : '');
  const groups = groupItems(items.map(label));
  const pictured = drawSome(items.length, most, new RandomStream(seed, 'picture map', 'pictures'));
  const sheet = await spriteSheet(
    dataset,
    pictured.map((at) => items[at]),
    tile,
  );
  const tiles = new Array<number>(items.length).fill(-1);
  pictured.forEach((at, t) => (tiles[at] = t));
  const how = projection
    ? `on two principal components, ${projection.explained.map((share) => `${(100 * share).toFixed(0)} %`).join(' and ')} of the variance`
    : `by UMAP (${neighbors} neighbours, seed ${seed}): neighbours mean something, distances between groups little`;
  const named = groups.names.length > 1;
  const alt = `${title}: ${items.length} items under ${embeddings.name} ${how}${named ? `, coloured by ${groups.names.join(', ')}` : ''}`;
  const shown: ShownMap = {
    width: WIDTH,
    height: HEIGHT,
    points: Buffer.from(points.buffer).toString('base64'),
    names: items.map((item) => itemName(dataset, item)),
    groups: groups.of,
    groupNames: named ? groups.names : [],
    colors: COLORS,
    tiles,
    columns: sheet.columns,
    tile,
  };
  const legend = groups.names.map(
    (name, g) =>
      html`<span style="white-space:nowrap"><span style="color:${COLORS[g]}">${['●', '■', '▲'][g % 3]}</span> ${name} (${tools.count(groups.sizes[g])})</span>`,
  );
  const drawn = items.length < all.length;
  return makeView({
    title,
    alt,
    note:
      `${embeddings.name}, ${how}. ${drawn ? `${tools.count(items.length)} of ${tools.count(all.length)} items, drawn at random (seed ${seed})` : `All ${tools.count(items.length)} items`}, ` +
      `${pictured.length < items.length ? `${tools.count(pictured.length)} of them` : 'all'} with a picture; those that would cover others come up when you zoom in. ` +
      `${missingNote(sheet.missing).trim()} Keys: arrows go to the next point, + and - zoom, 0 shows all; the wheel zooms after a click.`.trim(),
    controls: html`
      <button type="button" data-part="in">zoom in</button><button type="button" data-part="out">zoom out</button>
      <button type="button" data-part="whole">show all</button>
      <label><input type="checkbox" data-part="pictures" checked style="width:auto"> pictures</label>
      ${named ? html`<span style="display:flex;flex-wrap:wrap;gap:2px 14px;font-size:14px">${legend}</span>` : undefined}
    `,
    data: shown,
    body: html`
      <img data-part="still" src="${await stillMap(points, groups.of)}" alt="${alt}" width="${WIDTH}" height="${HEIGHT}" style="width:100%;height:auto">
      <div style="position:relative"><canvas data-part="canvas" role="img" aria-label="${alt}" style="display:none;width:100%;border:1px solid #ddd;touch-action:none;cursor:grab"></canvas>
      <div style="position:absolute;left:8px;top:8px;width:112px;background:rgba(255,255,255,.92);padding:6px;pointer-events:none">
      <canvas data-part="small" role="img" width="100" height="100" style="display:none"></canvas><div data-part="name" role="status" style="font-size:14px;line-height:1.25;overflow-wrap:anywhere"></div></div></div>
      <img data-part="sheet" src="${sheet.source}" alt="the pictures of the map" style="display:none">
    `,
    script: mapScript,
  });
}
