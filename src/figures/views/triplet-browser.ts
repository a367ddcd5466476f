import { subsets, type Subset, type TripletDataset } from '../../datasets/dataset.js';
import { unknown } from '../../errors.js';
import { RandomStream } from '../../random/stream.js';
import { type Card, cardsView, type Place } from './cards.js';
import {
  uncertaintyLine,
  teacherUncertainty,
  mostUncertain,
  type UncertaintySource,
  type TeacherUncertainty,
} from './teacher-uncertainty.js';
import { answersOf, checkEmbeddings, distanceOf, type NamedEmbeddings } from './named-embeddings.js';
import { drawInTurns } from './sample.js';
import { missingNote, thumbnails } from './thumbnails.js';
import { tools } from './script-helpers.js';
import type { View } from './view.js';
import { checkWholeNumbers } from './whole-numbers.js';

export interface TripletBrowserOptions {
  title?: string;
  /** Models whose answers are shown beside the label and can be filtered by: their embeddings of all items. */
  models?: readonly NamedEmbeddings[];
  /** Teachers who tell how doubtful a triplet is: the most doubtful of each subset come first and can be chosen. */
  doubts?: UncertaintySource;
  /** The number of triplets of a subset that count as its most doubtful. */
  doubtful?: number;
  /** The subset shown first (default: all). */
  subset?: Subset;
  /** Most triplets in the page, and most pictures. */
  limit?: number;
  pictures?: number;
  /** The seed by which triplets are sampled where there are more. */
  seed?: number;
  /** Longest side of a picture, pixels. */
  size?: number;
  perPage?: number;
}

const defaults = {
  title: 'Triplets',
  models: [],
  doubtful: 30,
  limit: 300,
  pictures: 600,
  seed: 0,
  size: 104,
  perPage: 4,
} as const;

/** Names and frames of the three places of a triplet. */
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

/** Describes a model's answer to a triplet in words, with its distances. */
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

/** Returns a model's answer to each triplet: 0 right, 1 wrong, 2 not embedded. */
const answerIndexes = (model: NamedEmbeddings, triplets: Int32Array, directed: boolean): Uint8Array =>
  answersOf(model, triplets, directed).map((answer) => [1, 0, 2][answer]);

/**
 * Shows triplets with their pictures, label and models' answers with distances, page by page, filtered by subset and by
 * whether a model is right.
 *
 * Counts are of all triplets. Where there are more than `limit`, those in the page are sampled at random, in turns from
 * each combination of subset and answers. With `doubts` the most doubtful of each subset come before these and take at
 * most half of the page.
 *
 * @throws UsageError where a model or a teacher lacks a row for an item
 */
export async function tripletBrowser(dataset: TripletDataset, options: TripletBrowserOptions = {}): Promise<View> {
  const given = { ...defaults, ...options };
  const { title, models, subset, limit, pictures: mostPictures, seed, size, perPage, doubts } = given;
  checkWholeNumbers({ limit, pictures: mostPictures, size, perPage });
  if (subset !== undefined && !subsets.includes(subset)) throw unknown('subset', subset, subsets);
  checkEmbeddings(dataset, models);
  if (doubts) checkEmbeddings(dataset, doubts.teachers.map((one, k) => ({ name: `teacher ${k + 1}`, ...one }))); // prettier-ignore
  const rows = subsets.map((one) => answeredRows(dataset.triplets[one], dataset.directed, given));
  const starts = rows.map((_, s) => rows.slice(0, s).reduce((sum, { triplets }) => sum + triplets.length / 3, 0));
  const groups = groupsOf(rows, starts);
  const at = (index: number) => {
    const s = rows.findIndex(({ triplets }, k) => index < starts[k] + triplets.length / 3);
    const t = index - starts[s];
    return { s, t, triplet: rows[s].triplets.subarray(3 * t, 3 * t + 3) };
  };
  const chosen = new Set<number>();
  const items = new Map<number, number>();
  const take = (index: number): boolean => {
    if (chosen.has(index)) return true;
    const fresh = new Set([...at(index).triplet].filter((item) => !items.has(item)));
    if (chosen.size >= limit || items.size + fresh.size > mostPictures) return false;
    for (const item of fresh) items.set(item, items.size);
    chosen.add(index);
    return true;
  };
  for (let rank = 0; rank < given.doubtful && chosen.size < limit / 2; rank++)
    rows.forEach(({ doubtful }, s) => rank < doubtful.length && take(starts[s] + doubtful[rank]));
  drawInTurns([...groups.values()], new RandomStream(seed, 'triplet browser'), take);
  // The most doubtful come first, in their order.
  const rankOf = (index: number): number => {
    const { s, t } = at(index);
    const rank = rows[s].doubtful.indexOf(t);
    return rank < 0 ? Infinity : rank;
  };
  const ordered = [...chosen].map((index) => ({ index, rank: rankOf(index) }));
  const cards = ordered
    .sort((a, b) => (a.rank === b.rank ? a.index - b.index : a.rank - b.rank))
    .map(({ index }) => cardOf(at(index), rows, items, models, dataset.directed));
  const { pictures, missing } = await thumbnails(dataset, [...items.keys()], size);
  const counts = Object.fromEntries([...groups].map(([key, group]) => [key, group.length]));
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return cardsView(
    { what: 'triplets', pictures, size, perPage, filters: filtersOf(rows, models, subset), counts, cards },
    {
      title,
      alt: `${title}: ${total} triplets of ${dataset.name}, with pictures, ${models.length ? `answers of ${models.map(({ name }) => name).join(', ')}, ` : ''}by subset${doubts ? ' and doubt' : ''}`,
      note:
        (chosen.size === total
          ? `All ${tools.count(total)} triplets are here.`
          : `Counts are of all ${tools.count(total)} triplets; ${tools.count(chosen.size)} are here, with ${items.size} pictures, ${doubts ? 'the most doubtful and others ' : ''}drawn at random (seed ${seed}) in turns from each combination of the filters.`) +
        (models.length ? ' Numbers are distances.' : '') +
        (doubts ? ' Doubt is the entropy of the answer probabilities.' : '') +
        missingNote(missing),
    },
  );
}

/** Triplets of a subset, the models' answers, and how doubtful they are. */
interface AnsweredRows {
  readonly triplets: Int32Array;
  readonly answers: readonly Uint8Array[];
  readonly doubts: TeacherUncertainty | null;
  /** The most doubtful, in order. */
  readonly doubtful: readonly number[];
  /** Returns a triplet's options of the filters except the subset. */
  readonly facets: (t: number) => number[];
}

function answeredRows(
  triplets: Int32Array,
  directed: boolean,
  { models, doubts, doubtful }: Required<Pick<TripletBrowserOptions, 'models' | 'doubtful'>> & TripletBrowserOptions,
): AnsweredRows {
  const given = models.map((model) => answerIndexes(model, triplets, directed));
  const found = doubts ? teacherUncertainty(doubts, triplets, directed) : null;
  const most = found ? mostUncertain(found, doubtful) : [];
  const members = new Set(most);
  const facets = (t: number) => [...given.map((one) => one[t]), ...(found ? [Number(!members.has(t))] : [])];
  return { triplets, answers: given, doubts: found, doubtful: most, facets };
}

/** Groups the numbers of triplets, counted through all subsets, by their options of all filters. */
function groupsOf(rows: readonly AnsweredRows[], starts: readonly number[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  rows.forEach((row, s) => {
    for (let t = 0; t < row.triplets.length / 3; t++) {
      const key = [s, ...row.facets(t)].join(',');
      const group = groups.get(key);
      if (group) group.push(starts[s] + t);
      else groups.set(key, [starts[s] + t]);
    }
  });
  return groups;
}

function cardOf(
  { s, t, triplet }: { s: number; t: number; triplet: Int32Array },
  rows: readonly AnsweredRows[],
  items: ReadonlyMap<number, number>,
  models: readonly NamedEmbeddings[],
  directed: boolean,
): Card {
  const { doubts, facets } = rows[s];
  return {
    title: `${subsets[s]} triplet ${tools.count(t + 1)}`,
    places: places[directed ? 'directed' : 'undirected'].map((place, k) => ({
      ...place,
      picture: items.get(triplet[k])!,
    })),
    lines: [
      ...models.map((model) => answerLine(model, triplet, directed)),
      ...(doubts ? [uncertaintyLine(doubts, t, directed)] : []),
    ],
    facets: [s, ...facets(t)],
  };
}

function filtersOf(rows: readonly AnsweredRows[], models: readonly NamedEmbeddings[], subset: Subset | undefined) {
  const unembedded = rows.some((row) => row.answers.some((given) => given.includes(2)));
  return [
    { label: 'subset', options: subsets, ...(subset ? { selected: subsets.indexOf(subset) } : {}) },
    ...models.map(({ name }) => ({ label: name, options: answers.slice(0, unembedded ? 3 : 2) })),
    ...(rows.some(({ doubts }) => doubts !== null) ? [{ label: 'doubt', options: ['most doubtful', 'others'] }] : []),
  ];
}
