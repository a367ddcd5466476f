import type { CommonConfiguration, SubsetName } from '../configuration/types.js';
import type { ItemDataset, TripletDataset } from '../datasets/index.js';
import { makeDataset, subsets } from '../datasets/index.js';
import { readEmbeddings } from '../datasets/source-embeddings.js';
import { UsageError } from '../errors.js';
import {
  fractionCorrectOfTriplets,
  meanPrecisionAt1,
  requireFinite,
  retrieval,
  type Retrieval,
} from '../metrics/index.js';
import { embedItems, rowsOf, type EmbedItemsOptions, type ItemEmbeddings } from './load-model.js';

export interface Evaluation {
  readonly metric: 'FCT' | 'mP@1';
  readonly value: number;
  readonly subset: SubsetName;
  /** The number of triplets or pictures that the value is a mean over. */
  readonly count: number;
  readonly of: 'triplets' | 'pictures';
  /** For class sets, R@k and MAP@R of the same pictures; absent where every picture is alone in its class. */
  readonly retrieval?: Retrieval;
  readonly notes: readonly string[];
}

export type EvaluateOptions = Pick<EmbedItemsOptions, 'base' | 'signal' | 'onProgress'>;

/** The items that a subset needs embeddings of, and the metric of them. */
interface Question {
  readonly items: Int32Array;
  answer(embeddings: ItemEmbeddings): Omit<Evaluation, 'subset' | 'notes'>;
}

const questions = { triplets: tripletsOf, classes: classesOf };

/**
 * `evaluate`: computes FCT over all triplets of a subset or, for class sets, mP@1, R@k and MAP@R over its pictures. The
 * embeddings are those of a model (`model_uri`) or given (`embeddings`).
 *
 * @throws UsageError where both are missing or anything does not fit
 */
export async function evaluate(configuration: CommonConfiguration, options: EvaluateOptions = {}): Promise<Evaluation> {
  const { model_uri, embeddings } = configuration;
  if (embeddings !== undefined)
    return evaluateBy(configuration, (dataset) => Promise.resolve(storedEmbeddings(embeddings, dataset)));
  if (model_uri === undefined)
    throw new UsageError('missing model_uri; give model_uri=Psycho,embedding_size:128/path/to/checkpoint-best.pth');
  return evaluateBy(configuration, (dataset, items) =>
    embedItems(model_uri, dataset, { ...options, configuration, items }),
  );
}

/** Evaluates embeddings from anywhere, such as a network in memory, as `evaluate` does. */
export async function evaluateBy(
  configuration: CommonConfiguration,
  embed: (dataset: ItemDataset, items: Int32Array) => Promise<ItemEmbeddings>,
): Promise<Evaluation> {
  const dataset = makeDataset(configuration.dataset);
  const { question, subset } = questionOf(configuration, dataset);
  const embeddings = await embed(dataset, question.items);
  return {
    ...question.answer(embeddings),
    subset,
    notes: [...dataset.facts.notes, ...(embeddings.notes ?? [])],
  };
}

/**
 * Returns what a configuration asks of a data set: items and metric.
 *
 * @throws UsageError where the subset has nothing to ask about
 */
export function questionOf(
  { evaluation_type, subset_name: subset = 'test' }: CommonConfiguration,
  dataset: ItemDataset,
): { question: Question; subset: SubsetName } {
  const type = evaluation_type ?? ('triplets' in dataset ? 'triplets' : 'classes');
  const question = questions[type](dataset as TripletDataset, subset);
  if (question.items.length === 0)
    throw new UsageError(`empty subset: ${subset} of ${dataset.name} has no ${type}; choose another subset_name`);
  return { question, subset };
}

/** Reads the embeddings of all items by one model from a file such as `save-embeddings` writes. */
function storedEmbeddings(file: string, { name, items }: ItemDataset): ItemEmbeddings {
  const { data, rows, teachers, size } = readEmbeddings(file);
  if (rows !== items.length)
    throw new UsageError(`invalid embeddings: ${file} has ${rows} rows, ${name} has ${items.length} items; save the embeddings of all items`); // prettier-ignore
  if (teachers !== 1)
    throw new UsageError(`invalid embeddings: ${file} holds the embeddings of ${teachers} models; save those of one model, [items, 1, size]`); // prettier-ignore
  return { data, size };
}

const partsOf = (subset: SubsetName) => (subset === 'all' ? subsets : [subset]);

const isThere = ({ unreadable }: ItemEmbeddings, item: number): boolean => !unreadable?.has(item);

function tripletsOf(dataset: TripletDataset, subset: SubsetName): Question {
  const triplets = Int32Array.from(partsOf(subset).flatMap((part) => Array.from(dataset.triplets[part])));
  return {
    items: Int32Array.from(new Set(triplets)).sort(),
    answer(embeddings) {
      const there = triplets.filter((_, i) => {
        const first = i - (i % 3);
        return [0, 1, 2].every((k) => isThere(embeddings, triplets[first + k]));
      });
      const { data, size } = embeddings;
      const value = fractionCorrectOfTriplets(data, size, there, dataset.directed);
      return { metric: 'FCT', value, count: there.length / 3, of: 'triplets' };
    },
  };
}

function classesOf(dataset: ItemDataset, subset: SubsetName): Question {
  // Class sets validate on the test half: each item once.
  const items = Int32Array.from(new Set(partsOf(subset).flatMap((part) => Array.from(dataset.instances[part]))));
  return {
    items,
    answer(embeddings) {
      const there = items.filter((item) => isThere(embeddings, item));
      requireFinite(embeddings.data, embeddings.size, { used: there });
      const classes = there.map((item) => dataset.items[item].class);
      const rows = rowsOf(embeddings, there);
      const value = meanPrecisionAt1(rows, embeddings.size, classes, { convention: 'evaluation' });
      const found = retrieval(rows, embeddings.size, classes);
      const further = found.queries > 0 ? { retrieval: found } : {};
      return { metric: 'mP@1', value, count: there.length, of: 'pictures', ...further };
    },
  };
}
