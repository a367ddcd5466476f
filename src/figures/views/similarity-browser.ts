import sharp from 'sharp';
import type { ItemDataset } from '../../datasets/dataset.js';
import { UsageError } from '../../errors.js';
import { html, safeHtml } from '../../html/template.js';
import { pictureSource } from '../pictures/picture.js';
import { cividis, cividisCss } from './cividis.js';
import { orderBySplitting } from './item-order.js';
import { checkEmbeddings, embeddedItems, type NamedEmbeddings } from './named-embeddings.js';
import { cosineCells, cutIntoGroups, matrixCells, type SimilarityCells } from './similarity-cells.js';
import { pairBody, similarityScript, type ShownMatrix } from './similarity-script.js';
import { missingNote, thumbnails } from './thumbnails.js';
import { tools } from './tools.js';
import { makeView, type View } from './view.js';

/** An `[n, n]` matrix about n items of a data set, such as similarities by people. */
export interface GivenSimilarities {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** The items of its rows and columns. */
  readonly items: ArrayLike<number>;
}

export interface SimilarityBrowserOptions {
  title?: string;
  /** The items (default: all that have an embedding, or those of the matrix). */
  items?: ArrayLike<number>;
  /** The order of rows and columns: by class, similar items side by side, or as given. */
  order?: 'class' | 'likeness' | 'given';
  /** Most rows and columns: more items are joined to groups of neighbours. */
  limit?: number;
  /** Longest side of a picture, pixels. */
  size?: number;
}

const defaults = { title: 'Similarity matrix', limit: 400, size: 164 } as const;

/** Side of the matrix on the page, pixels. */
const SIDE = 440;

/** Draws the matrix as a picture of n x n pixels, grey where there is no value. */
async function drawCells({ n, values }: SimilarityCells, low: number, high: number): Promise<string> {
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

/**
 * Shows the similarities of items as a heat map. A cell that is clicked, or reached by arrow keys, shows its pair of
 * pictures and their similarity.
 *
 * Embeddings are compared by the cosine of their angle; a given matrix is shown as it is. More than `limit` items are
 * joined to groups that follow each other in the order, and a cell is the mean over the pairs of its two groups.
 *
 * @throws UsageError where embeddings or matrix do not fit the data set, or fewer than two items are left
 */
export async function similarityBrowser(
  dataset: ItemDataset,
  similarities: NamedEmbeddings | GivenSimilarities,
  options: SimilarityBrowserOptions = {},
): Promise<View> {
  const { title, limit, size } = { ...defaults, ...options };
  const grouped = dataset.classNames.length < dataset.items.length;
  const given = 'values' in similarities;
  const { order = given ? 'given' : grouped ? 'class' : 'likeness' } = options;
  if (!given) checkEmbeddings(dataset, [similarities]);
  const known = given ? Array.from(similarities.items) : embeddedItems([similarities], dataset.items.keys());
  if (given && similarities.values.length !== known.length ** 2)
    throw new UsageError(
      `invalid matrix: ${similarities.values.length} values; ${known.length} items need ${known.length ** 2}`,
    );
  if (given && order === 'likeness')
    throw new UsageError('invalid order: likeness; that of a given matrix is class or given');
  const rows = new Map(known.map((item, row) => [item, row]));
  const items = Array.from(options.items ?? known).filter((item) => rows.has(item));
  if (items.length < 2)
    throw new UsageError(`invalid items: ${items.length} with similarities; two at least are needed`);
  const sorted =
    order === 'likeness' && !given
      ? orderBySplitting(similarities.data, similarities.size, items)
      : order === 'class'
        ? items.slice().sort((a, b) => dataset.items[a].class - dataset.items[b].class || a - b)
        : items;
  const groups = cutIntoGroups(sorted, limit);
  const cells = given
    ? matrixCells(
        similarities.values,
        known.length,
        groups.map((group) => group.map((item) => rows.get(item)!)),
      )
    : cosineCells(similarities.data, similarities.size, groups);
  const { n } = cells;
  // The diagonal of single items is 1 by definition: the colour scale is for the rest.
  const off = cells.values.filter((value, at) => Number.isFinite(value) && at % (n + 1) !== 0);
  const low = off.reduce((a, b) => Math.min(a, b), Infinity);
  const high = off.reduce((a, b) => Math.max(a, b), -Infinity);
  const clamped = cells.values.map((value) => Math.max(low, Math.min(high, value)));
  const most = cells.values.reduce((a, b) => (Number.isNaN(b) ? a : Math.max(a, b)), high);
  const least = cells.values.reduce((a, b) => (Number.isNaN(b) ? a : Math.min(a, b)), low);
  const levels = Uint16Array.from(cells.values, (value) =>
    Number.isNaN(value) ? 65535 : Math.round((65534 * (value - least)) / (most - least || 1)),
  );
  const stands = given ? cells.representatives.map((row) => known[row]) : cells.representatives;
  const { pictures, missing } = await thumbnails(dataset, stands, size);
  const best = clamped.reduce((at, value, k) => (k % (n + 1) !== 0 && value > clamped[at] ? k : at), 1);
  const start = [Math.floor(best / n), best % n] as const;
  const data: ShownMatrix = {
    n,
    side: SIDE,
    size,
    low: least,
    high: most,
    values: Buffer.from(levels.buffer).toString('base64'),
    pictures,
    counts: groups.map((group) => group.length),
    start,
  };
  const words = { class: 'by class', likeness: 'with like beside like', given: 'in the order given' }[order];
  const alt = `${title}: ${similarities.name}, ${items.length} items ${words}${n < items.length ? ` in ${n} groups` : ''}, similarities from ${low.toFixed(3)} to ${high.toFixed(3)}`;
  const image = await drawCells({ ...cells, values: clamped }, low, high);
  const cell = SIDE / n;
  return makeView({
    title,
    alt,
    note:
      `${similarities.name}${given ? '' : ', cosine of embeddings'}; ${tools.count(items.length)} items ${words}` +
      `${n < items.length ? `, in ${n} groups of ${Math.floor(items.length / n)} or ${Math.ceil(items.length / n)}: a cell is the mean over their pairs, and one picture stands for each group` : ''}. ` +
      `The colours span all cells but the diagonal.${missingNote(missing)} Click a cell, or move by arrow keys, Home and End, Page up and down.`,
    data,
    body: html`
      <div style="display:flex;flex-wrap:wrap;gap:20px"><div><div data-part="matrix" style="position:relative;width:${SIDE}px;height:${SIDE}px;cursor:crosshair">
      <img src="${image}" alt="${alt}" width="${SIDE}" height="${SIDE}" style="image-rendering:pixelated;width:${SIDE}px;height:${SIDE}px">
      <div data-part="cross" style="position:absolute;left:${start[1] * cell}px;top:${start[0] * cell}px;width:${cell}px;height:${cell}px;outline:2px solid #fff;box-shadow:0 0 0 4px #D00000;pointer-events:none"></div></div>
      <div style="display:flex;align-items:center;gap:8px;width:${SIDE}px;margin-top:8px;font-size:14px"><span>${low.toFixed(2)}</span>
      <span style="flex:1;height:12px;background:${cividisCss}"></span><span>${high.toFixed(2)}</span></div></div>
      <div data-part="pair" role="status" style="flex:1;min-width:${2 * size + 12}px">${safeHtml(pairBody(data, start[0], start[1], cells.values[best], tools))}</div></div>
    `,
    script: similarityScript,
    functions: [pairBody],
  });
}
