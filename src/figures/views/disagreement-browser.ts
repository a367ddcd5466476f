import type { TripletDataset } from '../../datasets/dataset.js';
import { UsageError } from '../../errors.js';
import { RandomStream } from '../../random/stream.js';
import { type Card, cardsView } from './cards.js';
import { answersOf, checkEmbeddings, distanceOf, embeddedItems, type NamedEmbeddings } from './named-embeddings.js';
import { missingNote, thumbnails } from './thumbnails.js';
import { tools } from './script-helpers.js';
import { answerLine, places } from './triplet-browser.js';
import type { View } from './view.js';
import { checkWholeNumbers } from './whole-numbers.js';

export interface DisagreementBrowserOptions {
  title?: string;
  /** The items whose pairs are compared (default: all that every embedding has a row for). */
  items?: ArrayLike<number>;
  /** `[3m]`: triplets that student and teachers answer (default: those for validation). */
  triplets?: Int32Array;
  /** Most pairs that are compared; more are sampled at random. */
  pairs?: number;
  /** Most cards of each kind. */
  limit?: number;
  seed?: number;
  /** Longest side of a picture, pixels. */
  size?: number;
  perPage?: number;
}

const defaults = {
  title: 'Where student and teachers disagree',
  pairs: 200_000,
  limit: 40,
  seed: 0,
  size: 104,
  perPage: 4,
} as const;

const kinds = ['pairs nearer to the student', 'pairs farther to the student', 'triplets answered otherwise'];

/** Returns pairs of positions in a list of n: all, or a random sample. */
function drawPairs(n: number, most: number, stream: RandomStream): [number, number][] {
  if ((n * (n - 1)) / 2 <= most)
    return Array.from({ length: n }, (_, i) => i).flatMap((i) =>
      Array.from({ length: i }, (_, j): [number, number] => [j, i]),
    );
  const seen = new Set<number>();
  while (seen.size < most) {
    const [i, j] = [stream.integer(n), stream.integer(n)];
    if (i < j) seen.add(i * n + j);
  }
  return [...seen].map((key) => [Math.floor(key / n), key % n]);
}

/** Pairs of items with their distances relative to the mean of each model. */
interface ComparedPairs {
  readonly pairs: readonly (readonly number[])[];
  readonly student: Float64Array;
  /** The mean over teachers. */
  readonly teachers: Float64Array;
  readonly difference: Float64Array;
}

function comparePairs(pairs: readonly (readonly number[])[], models: readonly NamedEmbeddings[]): ComparedPairs {
  const [student, ...taught] = models.map((model) => {
    const distances = Float64Array.from(pairs, ([i, j]) => distanceOf(model, i, j));
    const mean = distances.reduce((sum, d) => sum + d, 0) / distances.length;
    return distances.map((d) => d / mean);
  });
  const teachers = Float64Array.from(pairs, (_, p) => taught.reduce((sum, one) => sum + one[p], 0) / taught.length);
  return { pairs, student, teachers, difference: student.map((d, p) => d - teachers[p]) };
}

/** Triplets that student and teachers answer. */
interface ComparedTriplets {
  /** The number of triplets whose items all models embed. */
  readonly compared: number;
  /** Those that most teachers answer otherwise than the student; on the first the teachers agree most. */
  readonly otherwise: readonly number[];
  /** The number of teachers that answer a triplet right. */
  readonly votes: (t: number) => number;
}

function compareTriplets(
  triplets: Int32Array,
  models: readonly NamedEmbeddings[],
  directed: boolean,
): ComparedTriplets {
  const teachers = models.length - 1;
  const right = models.map((model) => answersOf(model, triplets, directed));
  const votes = (t: number): number => right.slice(1).reduce((sum, one) => sum + one[t], 0);
  const known = new Set(embeddedItems(models, new Set(triplets)));
  const compared = Array.from({ length: triplets.length / 3 }, (_, t) => t).filter((t) =>
    triplets.subarray(3 * t, 3 * t + 3).every((item) => known.has(item)),
  );
  /** Measures how clearly most teachers contradict the student: 0 where they agree with it or are even. */
  const against = (t: number): number => Math.max(0, (votes(t) / teachers - 0.5) * (right[0][t] ? -1 : 1));
  const otherwise = compared.filter((t) => against(t) > 0).sort((a, b) => against(b) - against(a) || a - b);
  return { compared: compared.length, otherwise, votes };
}

/** Makes the cards: at most `limit` pairs of either kind, then as many triplets. */
function cardsOf(
  { pairs, difference, ...distances }: ComparedPairs,
  { otherwise, votes }: ComparedTriplets,
  [student, ...teachers]: readonly NamedEmbeddings[],
  { triplets, directed, limit }: { triplets: Int32Array; directed: boolean; limit: number },
): { cards: Card[]; items: number[] } {
  const shown = new Map<number, number>();
  const pictureAt = (item: number): number => {
    if (!shown.has(item)) shown.set(item, shown.size);
    return shown.get(item)!;
  };
  const pairCard =
    (kind: number) =>
    (p: number): Card => ({
      title: `pair of items ${pairs[p].join(' and ')}`,
      places: pairs[p].map((item, k) => ({ picture: pictureAt(item), role: k ? 'the other' : 'one', frame: 'solid' })),
      lines: [
        `${student.name}: ${distances.student[p].toFixed(2)} of its mean distance`,
        `${teachers.length === 1 ? teachers[0].name : `${teachers.length} teachers`}: ${distances.teachers[p].toFixed(2)} of theirs`,
      ],
      facets: [kind],
    });
  const tripletCard = (t: number): Card => {
    const triplet = triplets.subarray(3 * t, 3 * t + 3);
    return {
      title: `triplet ${t + 1}: ${votes(t)} of ${teachers.length} teachers right`,
      places: places[directed ? 'directed' : 'undirected'].map((place, k) => ({
        ...place,
        picture: pictureAt(triplet[k]),
      })),
      lines: [answerLine(student, triplet, directed), answerLine(teachers[0], triplet, directed)],
      facets: [2],
    };
  };
  const order = Array.from(difference.keys()).sort((a, b) => difference[a] - difference[b]);
  const kept = Math.min(limit, Math.floor(order.length / 2));
  const farthest = order.slice(order.length - kept).reverse();
  const cards = [
    ...order.slice(0, kept).map(pairCard(0)),
    ...farthest.map(pairCard(1)),
    ...otherwise.slice(0, limit).map(tripletCard),
  ];
  return { cards, items: [...shown.keys()] };
}

/**
 * Shows the pairs and triplets on which a student differs most from its teachers, with pictures and both distances.
 *
 * Distances are relative: divided by the mean of the model's distances over the compared pairs. A pair's difference is
 * the student's relative distance minus the mean of the teachers'. A triplet is shown where the student is right and
 * most teachers are wrong, or the other way round; those on which the teachers agree most come first.
 *
 * @throws UsageError without a teacher, where embeddings lack a row for an item, or fewer than two items have all
 */
export async function disagreementBrowser(
  dataset: TripletDataset,
  student: NamedEmbeddings,
  teachers: readonly NamedEmbeddings[],
  options: DisagreementBrowserOptions = {},
): Promise<View> {
  const { title, pairs: most, limit, seed, size, perPage } = { ...defaults, ...options };
  const models = [student, ...teachers];
  if (teachers.length === 0) throw new UsageError('missing teachers; give at least one');
  checkWholeNumbers({ pairs: most, limit, size, perPage });
  checkEmbeddings(dataset, models);
  const items = embeddedItems(models, Array.from(options.items ?? dataset.items.keys()));
  if (items.length < 2)
    throw new UsageError(`invalid items: ${items.length} embedded by all models; give embeddings that share two items`);
  const positions = drawPairs(items.length, most, new RandomStream(seed, 'disagreement'));
  const pairs = comparePairs(
    positions.map(([i, j]) => [items[i], items[j]]),
    models,
  );
  const triplets = options.triplets ?? dataset.triplets.validation;
  const { directed } = dataset;
  const answers = compareTriplets(triplets, models, directed);
  const { cards, items: shown } = cardsOf(pairs, answers, models, { triplets, directed, limit });
  const { pictures, missing } = await thumbnails(dataset, shown, size);
  const [count, otherwise] = [positions.length, answers.otherwise.length];
  const nearer = pairs.difference.reduce((sum, d) => sum + Number(d < 0), 0);
  const drawn = count < (items.length * (items.length - 1)) / 2;
  return cardsView(
    {
      what: 'pairs and triplets',
      kinds: true,
      pictures,
      size,
      perPage,
      filters: [{ label: 'show', options: kinds, selected: 0 }],
      counts: { '0': nearer, '1': count - nearer, '2': otherwise },
      cards,
    },
    {
      title,
      alt: `${title}: ${count} pairs of ${items.length} items, ${otherwise} of ${answers.compared} triplets answered otherwise`,
      note:
        `${tools.count(count)} pairs of ${tools.count(items.length)} items` +
        `${drawn ? `, drawn at random (seed ${seed})` : ''}, and ${tools.count(answers.compared)} triplets, of which the student ` +
        `answers ${tools.count(otherwise)} otherwise than most of the ${teachers.length} teachers. Distances are relative to a model's mean ` +
        `distance; the greatest differences come first, at most ${limit} of a kind.${missingNote(missing)}`,
    },
  );
}
