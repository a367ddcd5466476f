import { UsageError } from '../../errors.js';
import { correctTriplets, similarities, type Similarity } from '../../metrics/index.js';
import { RandomStream } from '../../random/stream.js';
import { itemJackknife, type JackknifeMean } from '../item-jackknife.js';
import { bestPenalty, penaltyLosses } from './choose-penalty.js';
import { fitProbes, transformRows, type FittedProbe } from './fit-probe.js';
import { allBut, itemFolds, restrict } from './item-folds.js';
import type { ProbeData } from './probe-objective.js';

/** Most items: the products of all pairs of rows are in memory several times. */
const MOST_ITEMS = 8192;

export interface ProbeOptions {
  /** The number of parts, each held out once (default 3). */
  readonly folds?: number;
  /** The seed of the folds (default 0). */
  readonly seed?: number;
  /** Also fits a probe to all items, at the penalty that is best on held-out parts. */
  readonly transform?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Receives lines about the progress. */
  log?(line: string): void;
}

/** A probe that was fitted to some of the items and asked about the others. */
export interface ProbeFold {
  readonly trainingItems: number;
  readonly heldOutItems: number;
  readonly trainingTriplets: number;
  readonly heldOutTriplets: number;
  readonly penalty: number;
  /** FCT over the held-out triplets. */
  readonly fct: number;
}

/** The result of the linear probe with each item held out once. */
export interface ProbeResult {
  readonly similarity: ProbeData['similarity'];
  readonly folds: readonly ProbeFold[];
  /** FCT over the held-out triplets of all folds. */
  readonly fct: number;
  /** Its standard error over items (jackknife). */
  readonly error: number;
  /** The gain over the unchanged features by the same similarity, on the same triplets, with its standard error. */
  readonly gain: Pick<JackknifeMean, 'mean' | 'error'>;
  /** The number of held-out triplets of all folds. */
  readonly triplets: number;
  /** FCT of the unchanged features over the same triplets. */
  readonly zeroShot: Readonly<Record<Similarity, number>>;
}

const defaults = { folds: 3, seed: 0 };

type Settings = typeof defaults & Pick<ProbeOptions, 'signal'>;

async function fitAt(data: ProbeData, penalty: number, signal?: AbortSignal): Promise<FittedProbe> {
  let fitted: FittedProbe | undefined;
  await fitProbes(data, [penalty], (probe) => (fitted = probe) && true, signal);
  return fitted!;
}

const itemsOf = ({ triplets }: ProbeData): Int32Array => Int32Array.from(new Set(triplets)).sort();

function settingsOf(data: ProbeData, { folds = defaults.folds, seed = defaults.seed, signal }: ProbeOptions): Settings {
  const items = itemsOf(data).length;
  if (!(Number.isInteger(folds) && folds >= 3 && 3 * folds <= items))
    throw new UsageError(`invalid folds: ${folds} of ${items} items; give an integer from 3 to ${Math.floor(items / 3)}`); // prettier-ignore
  if (items > MOST_ITEMS)
    throw new UsageError(
      `too many items for a probe: ${items}; it takes at most ${MOST_ITEMS}, skip the probe with --probe none`,
    );
  return { folds, seed, signal };
}

/**
 * Fits and tests the linear probe of features: how well does a linear transform of them, learnt from people's answers
 * about some items, predict their answers about others?
 *
 * Folds divide the items. A probe is fitted to the triplets with all items in training, and asked about those with all
 * items held out; triplets with items of both are left out. The penalty of each fold is chosen on its training items,
 * of which one part after another is held out in the same way.
 *
 * Source: Muttenthaler et al. 2023, "Human alignment of neural network representations" (the probe and its folds of
 * items); Muttenthaler et al. 2023, "Improving neural network representations using human similarity judgments"
 * (gLocal: bias, and the penalty towards a multiple of the identity).
 *
 * @throws UsageError where there are too many items, or too few triplets for the folds
 */
export async function linearProbe(
  data: ProbeData,
  options: ProbeOptions = {},
): Promise<{ result: ProbeResult; fitted: FittedProbe | undefined }> {
  const { folds: count, seed, signal } = settingsOf(data, options);
  const { size, directed, similarity } = data;
  const parts = itemFolds(itemsOf(data), count, new RandomStream(seed, 'align', 'folds'));
  const losses = await penaltyLosses(data, parts, signal);
  const folds: ProbeFold[] = [];
  const answers: FoldAnswers[] = [];
  for (const [part, heldOut] of parts.entries()) {
    const training = allBut(parts, part);
    const [inside, outside] = [restrict(data, training), restrict(data, heldOut)];
    const penalty = bestPenalty(losses, part);
    const rows = await transformRows(outside.rows, size, await fitAt(inside, penalty, signal));
    const right = correctTriplets(rows, size, outside.triplets, directed, similarity);
    answers.push({
      right,
      before: similarities.map((name) => correctTriplets(outside.rows, size, outside.triplets, directed, name)),
      items: outside.triplets.map((row) => heldOut[row]),
    });
    folds.push({
      trainingItems: training.length,
      heldOutItems: heldOut.length,
      trainingTriplets: inside.triplets.length / 3,
      heldOutTriplets: right.length,
      penalty,
      fct: mean(right),
    });
    const { fct } = folds[part];
    options.log?.(`fold ${part + 1} of ${count}: penalty ${penalty}, FCT ${fct.toFixed(4)} over ${right.length}`);
  }
  const fitted = options.transform
    ? await fitAt(restrict(data, itemsOf(data)), bestPenalty(losses), signal)
    : undefined;
  return { result: { similarity, folds, ...together(answers, similarity) }, fitted };
}

/** Answers about the items of one fold, 1 where right: of the probe and of the unchanged features. */
interface FoldAnswers {
  readonly right: Uint8Array;
  readonly before: readonly Uint8Array[];
  /** `[3m]` */
  readonly items: Int32Array;
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Joins the answers of all folds. */
function together(answers: readonly FoldAnswers[], similarity: Similarity): Omit<ProbeResult, 'similarity' | 'folds'> {
  const joined = (of: (one: FoldAnswers) => ArrayLike<number>): number[] =>
    answers.flatMap((one) => Array.from(of(one)));
  const right = joined((one) => one.right);
  const items = joined((one) => one.items);
  const before = similarities.map((_, s) => joined((one) => one.before[s]));
  const own = before[similarities.indexOf(similarity)];
  const fct = itemJackknife(right, items);
  const gain = itemJackknife(right.map((one, t) => one - own[t]), items); // prettier-ignore
  const zeroShot = Object.fromEntries(
    similarities.map((name, s) => [name, mean(before[s])]),
  ) as ProbeResult['zeroShot'];
  return {
    fct: fct.mean,
    error: fct.error,
    gain: { mean: gain.mean, error: gain.error },
    triplets: right.length,
    zeroShot,
  };
}
