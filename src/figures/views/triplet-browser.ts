import { subsets, type Subset, type TripletDataset } from '../../datasets/dataset.js';
import { Stream } from '../../random/stream.js';
import { type Card, cardsView, type Place } from './cards.js';
import { answersOf, checkEmbeddings, distanceOf, type NamedEmbeddings } from './named-embeddings.js';
import { drawInTurns } from './sample.js';
import { missingNote, thumbnails } from './thumbnails.js';
import { tools } from './tools.js';
import type { View } from './view.js';

export interface TripletBrowserOptions {
  title?: string;
  /** Models whose answers stand beside the label, and filter: their embeddings of all items. */
  models?: readonly NamedEmbeddings[];
  /** The subset shown first (default: all). */
  subset?: Subset;
  /** Triplets in the page at most, and pictures. */
  limit?: number;
  pictures?: number;
  /** Of the draw of triplets where there are more. */
  seed?: number;
  /** Longest side of a picture, pixels. */
  size?: number;
  perPage?: number;
}

const defaults = { title: 'Triplets', models: [], limit: 300, pictures: 600, seed: 0, size: 104, perPage: 4 } as const;

/** Names and frames of the three places. */
export const places = {
  undirected: [
    { role: 'alike', frame: 'solid' },
    { role: 'alike', frame: 'solid' },
    { role: 'odd one out', frame: 'dashed' },
  ],
  directed: [
    { role: 'anchor', frame: 'double' },
    { role: 'near', frame: 'solid' },
    { role: 'far', frame: 'dashed' },
  ],
} as const satisfies Record<string, readonly Omit<Place, 'picture'>[]>;

const answers = ['right', 'wrong', 'not embedded'];

/** What a model says of a triplet, in words, with its distances. */
export function answerLine(
  model: NamedEmbeddings,
  [a, b, c]: ArrayLike<number> & Iterable<number>,
  directed: boolean,
): string {
  const d = [distanceOf(model, a, b), distanceOf(model, a, c), distanceOf(model, b, c)];
  if (!d.every(Number.isFinite)) return `– ${model.name}: not embedded`;
  const others = directed ? [d[1]] : [d[1], d[2]];
  const right = others.every((other) => d[0] < other);
  const [x, y, z] = d.map((value) => value.toFixed(3));
  const what = directed ? `near ${x}, far ${y}` : `alike ${x}, odd ${y}, ${z}`;
  return `${right ? '✓' : '✗'} ${model.name} ${right ? 'right' : 'wrong'}: ${what}`;
}

/** For each triplet of a model: 0 right, 1 wrong, 2 not embedded. */
const answerIndexes = (model: NamedEmbeddings, triplets: Int32Array, directed: boolean): Uint8Array =>
  answersOf(model, triplets, directed).map((answer) => [1, 0, 2][answer]);

/**
 * Triplets with their pictures, label and models' answers with distances, page by page, filtered by subset and by
 * whether a model is right.
 *
 * Counts are of all triplets. Where there are more than `limit`, those in the page are drawn at random, in turns from
 * each combination of subset and answers.
 *
 * @throws UsageError where a model has not a row for each item
 */
export async function tripletBrowser(dataset: TripletDataset, options: TripletBrowserOptions = {}): Promise<View> {
  const { title, models, subset, limit, pictures: mostPictures, seed, size, perPage } = { ...defaults, ...options };
  checkEmbeddings(dataset, models);
  const { directed } = dataset;
  const rows = subsets.map((one) => {
    const triplets = dataset.triplets[one];
    return { triplets, answers: models.map((model) => answerIndexes(model, triplets, directed)) };
  });
  const starts = rows.map((_, s) => rows.slice(0, s).reduce((sum, { triplets }) => sum + triplets.length / 3, 0));
  const groups = new Map<string, number[]>();
  rows.forEach((row, s) => {
    for (let t = 0; t < row.triplets.length / 3; t++) {
      const key = [s, ...row.answers.map((given) => given[t])].join(',');
      const group = groups.get(key);
      if (group) group.push(starts[s] + t);
      else groups.set(key, [starts[s] + t]);
    }
  });
  const at = (index: number) => {
    const s = rows.findIndex(({ triplets }, k) => index < starts[k] + triplets.length / 3);
    const t = index - starts[s];
    return { s, t, triplet: rows[s].triplets.subarray(3 * t, 3 * t + 3) };
  };
  const chosen: number[] = [];
  const items = new Map<number, number>();
  drawInTurns([...groups.values()], new Stream(seed, 'triplet browser'), (index) => {
    const fresh = new Set([...at(index).triplet].filter((item) => !items.has(item)));
    if (chosen.length >= limit || items.size + fresh.size > mostPictures) return false;
    for (const item of fresh) items.set(item, items.size);
    chosen.push(index);
    return true;
  });
  const cards = chosen
    .sort((a, b) => a - b)
    .map((index): Card => {
      const { s, t, triplet } = at(index);
      return {
        title: `${subsets[s]} triplet ${tools.count(t + 1)}`,
        places: places[directed ? 'directed' : 'undirected'].map((place, k) => ({
          ...place,
          picture: items.get(triplet[k])!,
        })),
        lines: models.map((model) => answerLine(model, triplet, directed)),
        facets: [s, ...rows[s].answers.map((given) => given[t])],
      };
    });
  const { pictures, missing } = await thumbnails(dataset, [...items.keys()], size);
  const counts = Object.fromEntries([...groups].map(([key, group]) => [key, group.length]));
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const unembedded = rows.some((row) => row.answers.some((given) => given.includes(2)));
  const filters = [
    { label: 'subset', options: subsets, ...(subset ? { selected: subsets.indexOf(subset) } : {}) },
    ...models.map(({ name }) => ({ label: name, options: answers.slice(0, unembedded ? 3 : 2) })),
  ];
  const whole = chosen.length === total;
  return cardsView(
    { what: 'triplets', pictures, size, perPage, filters, counts, cards },
    {
      title,
      alt: `${title}: ${total} triplets of ${dataset.name}, with pictures, ${models.length ? `answers of ${models.map(({ name }) => name).join(', ')}, ` : ''}by subset`,
      note:
        (whole
          ? `All ${tools.count(total)} triplets are here.`
          : `Counts are of all ${tools.count(total)} triplets; ${tools.count(chosen.length)} are here, with ${items.size} pictures, drawn at random (seed ${seed}) in turns from each combination of the filters.`) +
        (models.length ? ' Numbers are distances.' : '') +
        missingNote(missing),
    },
  );
}
