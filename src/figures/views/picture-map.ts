import { classNameOf, type ItemDataset } from '../../datasets/dataset.js';
import { UsageError } from '../../errors.js';
import { RandomStream } from '../../random/stream.js';
import { projectToPlane } from '../projections/principal-components.js';
import { umap, type UmapOptions } from '../projections/umap.js';
import { COLORS, groupItems, HEIGHT, ontoPage, WIDTH } from './map-layout.js';
import { mapBody, mapControls } from './map-markup.js';
import { mapFunctions, mapScript } from './map-script.js';
import type { ShownMap } from './map-state.js';
import { checkEmbeddings, embeddedItems, type NamedEmbeddings } from './named-embeddings.js';
import { drawSome } from './sample.js';
import { itemName, missingNote, spriteSheet } from './thumbnails.js';
import { tools } from './script-helpers.js';
import { makeView, type View } from './view.js';
import { checkWholeNumbers } from './whole-numbers.js';

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

/** Returns the items of the map: those that have an embedding, or a random sample of them. */
function chosenItems(
  dataset: ItemDataset,
  embeddings: NamedEmbeddings,
  { items: given, groups, method, limit, seed }: PictureMapOptions & { method: string; limit: number; seed: number },
): { items: number[]; all: number } {
  if (!['umap', 'pca'].includes(method)) throw new UsageError(`unknown method: ${method}; give umap or pca`);
  checkEmbeddings(dataset, [embeddings]);
  if (groups && groups.length !== dataset.items.length)
    throw new UsageError(`invalid groups: ${groups.length}; give one for each of ${dataset.items.length} items`);
  const all = embeddedItems([embeddings], Array.from(given ?? dataset.items.keys()));
  const items = drawSome(all.length, limit, new RandomStream(seed, 'picture map', 'points')).map((at) => all[at]);
  if (items.length < 3)
    throw new UsageError(`invalid items: ${items.length} with embeddings; give embeddings of at least three`);
  return { items, all: all.length };
}

/** Returns the places of items on the map, and in words how they were found. */
function placed(
  { data, size }: NamedEmbeddings,
  items: readonly number[],
  { method, tile, seed, ...layout }: UmapOptions & { method: string; tile: number; seed: number },
): { points: Float32Array; how: string } {
  const rows = new Float32Array(items.length * size);
  items.forEach((item, i) => {
    rows.set(data.subarray(item * size, (item + 1) * size), i * size);
  });
  const neighbors = Math.min(layout.neighbors ?? 15, items.length - 1);
  if (method !== 'pca')
    return {
      points: ontoPage(umap(rows, size, { ...layout, neighbors, seed }), tile),
      how: `by UMAP (${neighbors} neighbours, seed ${seed}): neighbours mean something, distances between groups little`,
    };
  const { points, explained } = projectToPlane(rows, items.length, size);
  return {
    points: ontoPage(points, tile),
    how: `on two principal components, ${explained.map((share) => `${(100 * share).toFixed(0)} %`).join(' and ')} of the variance`,
  };
}

/** Returns the name of each item's group. */
function groupLabels(dataset: ItemDataset, items: readonly number[], groups?: readonly string[]): string[] {
  const grouped = dataset.classNames.length < dataset.items.length;
  return items.map((item) => groups?.[item] ?? (grouped ? classNameOf(dataset, dataset.items[item]) : ''));
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
  const given = { ...defaults, ...options };
  const { title, pictures: most, tile, seed } = given;
  checkWholeNumbers({ limit: given.limit, pictures: most, tile });
  const { items, all } = chosenItems(dataset, embeddings, given);
  const { points, how } = placed(embeddings, items, given);
  const groups = groupItems(groupLabels(dataset, items, options.groups));
  const pictured = drawSome(items.length, most, new RandomStream(seed, 'picture map', 'pictures'));
  const sheet = await spriteSheet(
    dataset,
    pictured.map((at) => items[at]),
    tile,
  );
  const tiles = new Array<number>(items.length).fill(-1);
  pictured.forEach((at, t) => (tiles[at] = t));
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
  const counted = tools.count(items.length);
  return makeView({
    title,
    alt,
    note:
      `${embeddings.name}, ${how}. ${items.length < all ? `${counted} of ${tools.count(all)} items, drawn at random (seed ${seed})` : `All ${counted} items`}, ` +
      `${pictured.length < items.length ? `${tools.count(pictured.length)} of them` : 'all'} with a picture; those that would cover others come up when you zoom in. ` +
      `${missingNote(sheet.missing).trim()} Keys: arrows go to the next point, + and - zoom, 0 shows all; the wheel zooms after a click.`.trim(),
    controls: mapControls(groups),
    data: shown,
    body: await mapBody(points, groups, { sheet: sheet.source, alt }),
    script: mapScript,
    functions: mapFunctions,
  });
}
