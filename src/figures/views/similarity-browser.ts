import type { ItemDataset } from '../../datasets/dataset.js';
import { unknown, UsageError } from '../../errors.js';
import { orderBySplitting } from './item-order.js';
import { checkEmbeddings, embeddedItems, type NamedEmbeddings } from './named-embeddings.js';
import { cosineCells, cutIntoGroups, encodeCells, matrixCells, type SimilarityCells } from './similarity-cells.js';
import { drawCells, matrixBody, SIDE } from './similarity-markup.js';
import { pairBody, similarityScript, type ShownMatrix } from './similarity-script.js';
import { missingNote, thumbnails } from './thumbnails.js';
import { tools } from './script-helpers.js';
import { makeView, type View } from './view.js';
import { checkWholeNumbers } from './whole-numbers.js';

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
  order?: keyof typeof orders;
  /** Most rows and columns: more items are joined to groups of neighbours. */
  limit?: number;
  /** Longest side of a picture, pixels. */
  size?: number;
}

/** Orders of rows and columns, in words. */
const orders = { class: 'by class', likeness: 'with like beside like', given: 'in the order given' } as const;

const defaults = { title: 'Similarity matrix', limit: 400, size: 164 } as const;

/** Cells of the matrix in their order, and the item that stands for each row. */
interface OrderedCells {
  readonly items: readonly number[];
  readonly order: NonNullable<SimilarityBrowserOptions['order']>;
  readonly groups: readonly (readonly number[])[];
  readonly cells: SimilarityCells;
  readonly stands: readonly number[];
}

function orderedCells(
  dataset: ItemDataset,
  similarities: NamedEmbeddings | GivenSimilarities,
  { limit, ...options }: SimilarityBrowserOptions & { limit: number },
): OrderedCells {
  const grouped = dataset.classNames.length < dataset.items.length;
  const given = 'values' in similarities;
  const { order = given ? 'given' : grouped ? 'class' : 'likeness' } = options;
  if (!(order in orders)) throw unknown('order', order, Object.keys(orders));
  if (!given) checkEmbeddings(dataset, [similarities]);
  const known = given ? Array.from(similarities.items) : embeddedItems([similarities], dataset.items.keys());
  if (given && similarities.values.length !== known.length ** 2)
    throw new UsageError(
      `invalid matrix: ${similarities.values.length} values; give ${known.length ** 2} for ${known.length} items`,
    );
  if (given && order === 'likeness')
    throw new UsageError('invalid order: likeness; give class or given for a matrix of your own');
  const rows = new Map(known.map((item, row) => [item, row]));
  const items = Array.from(options.items ?? known).filter((item) => rows.has(item));
  if (items.length < 2) throw new UsageError(`invalid items: ${items.length} with similarities; give at least two`);
  const sorted =
    order === 'likeness' && !given
      ? orderBySplitting(similarities.data, similarities.size, items)
      : order === 'class'
        ? items.slice().sort((a, b) => dataset.items[a].class - dataset.items[b].class || a - b)
        : items;
  const groups = cutIntoGroups(sorted, limit);
  if (!given) {
    const cells = cosineCells(similarities.data, similarities.size, groups);
    return { items, order, groups, cells, stands: cells.representatives };
  }
  const groupRows = groups.map((group) => group.map((item) => rows.get(item)!));
  const cells = matrixCells(similarities.values, known.length, groupRows);
  return { items, order, groups, cells, stands: cells.representatives.map((row) => known[row]) };
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
  checkWholeNumbers({ limit, size });
  const { items, order, groups, cells, stands } = orderedCells(dataset, similarities, { ...options, limit });
  const { n, values } = cells;
  const { low, high, least, most, clamped, levels, best } = encodeCells(cells);
  const { pictures, missing } = await thumbnails(dataset, stands, size);
  const data: ShownMatrix = {
    n,
    side: SIDE,
    size,
    low: least,
    high: most,
    values: levels,
    pictures,
    counts: groups.map((group) => group.length),
    start: [Math.floor(best / n), best % n],
  };
  const words = orders[order];
  const alt = `${title}: ${similarities.name}, ${items.length} items ${words}${n < items.length ? ` in ${n} groups` : ''}, similarities from ${low.toFixed(3)} to ${high.toFixed(3)}`;
  const image = await drawCells({ ...cells, values: clamped }, low, high);
  return makeView({
    title,
    alt,
    note:
      `${similarities.name}${'values' in similarities ? '' : ', cosine of embeddings'}; ${tools.count(items.length)} items ${words}` +
      `${n < items.length ? `, in ${n} groups of ${Math.floor(items.length / n)} or ${Math.ceil(items.length / n)}: a cell is the mean over their pairs, and one picture stands for each group` : ''}. ` +
      `The colours span all cells but the diagonal.${missingNote(missing)} Click a cell, or move by arrow keys, Home and End, Page up and down.`,
    data,
    body: matrixBody(data, values[best], { image, alt, low, high }),
    script: similarityScript,
    functions: [pairBody],
  });
}
