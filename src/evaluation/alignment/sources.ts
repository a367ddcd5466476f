import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { backbones } from '../../backbones/registry.js';
import { parseModelUri } from '../../configuration/model-uri.js';
import type { CommonConfiguration, PreprocessingConfiguration } from '../../configuration/types.js';
import type { TripletDataset } from '../../datasets/index.js';
import { UsageError } from '../../errors.js';
import { isNumbersFile } from '../../formats/numbers-file.js';
import { expandHome } from '../../files.js';
import { findRun, isRunNumber } from '../../training/runs/find-runs.js';
import { readRunRecord, RECORD_FILE } from '../../training/runs/run-record.js';
import { embedAtStart } from '../embed-at-start.js';
import { embedRun } from '../embed-run.js';
import { embedItems, type ItemEmbeddings } from '../load-model.js';
import { classRows, readFeatureFile, type Features } from './embedding-file.js';

/** Embeddings of the classes of a data set, each class by one item: `[classes, size] float32`. */
export interface ClassFeatures extends Features {
  /** Classes without an embedding, since their picture cannot be read. */
  readonly without: ReadonlySet<number>;
  readonly notes: readonly string[];
}

export interface SourceOptions {
  readonly signal?: AbortSignal | undefined;
}

type Embed<Result> = (
  dataset: TripletDataset,
  configuration: CommonConfiguration,
  options: SourceOptions,
) => Promise<Result>;

/** A source of embeddings for the classes of a data set, checked as far as possible without a data set. */
export interface Source {
  readonly embed: Embed<ClassFeatures[]>;
  /** Can it embed that data set? A network can embed any set with pictures. */
  readonly fits?: (dataset: TripletDataset) => boolean;
}

/** Returns the item that stands for each class: `[classes]`. */
function classItems({ items, classNames, prototypes }: TripletDataset): Int32Array {
  const chosen = new Int32Array(classNames.length).fill(-1);
  for (const { class: c, index } of items) chosen[c] = prototypes[index];
  return chosen;
}

const fileSource = (file: string): Source => {
  const all = readFeatureFile(file);
  const rows = all[0].data.length / all[0].size;
  return {
    fits: ({ classNames, items }) => rows === classNames.length || rows === items.length,
    embed: (dataset) => {
      const [classes, items] = [dataset.classNames.length, dataset.items.length];
      const place = { dataset: dataset.name, classes, items, itemOf: classItems(dataset) };
      const found = all.map((one) => ({ ...one, data: classRows(one, place), without: new Set<number>(), notes: [] }));
      return Promise.resolve(found);
    },
  };
};

/** Makes a source that embeds items of the data set, one for each class. */
function networkSource(
  name: string,
  embed: (...args: [...Parameters<Embed<unknown>>, Int32Array]) => Promise<ItemEmbeddings>,
): Source {
  const embedClasses: Source['embed'] = async (dataset, configuration, options) => {
    const itemOf = classItems(dataset);
    const { data, size, unreadable, notes = [] } = await embed(dataset, configuration, options, itemOf);
    const chosen = new Float32Array(itemOf.length * size);
    itemOf.forEach((item, c) => {
      chosen.set(data.subarray(item * size, (item + 1) * size), c * size);
    });
    const without = new Set(Array.from(itemOf.keys()).filter((c) => unreadable?.has(itemOf[c])));
    return [{ name, data: chosen, size, without, notes }];
  };
  return { embed: embedClasses };
}

function runSource(folder: string): Source {
  const record = readRunRecord(folder);
  const { configuration } = record;
  const place = { output_directory_name: dirname(resolve(folder)) };
  const here = { ...record, name: basename(resolve(folder)), configuration: { ...configuration, run: { ...configuration.run, ...place } } }; // prettier-ignore
  return networkSource(folder, (dataset, _, { signal }, items) => embedRun(here, dataset, { signal, items }));
}

/** Returns the preprocessing that the pretrained part of a network expects. */
function ownPreprocessing(
  network: keyof typeof backbones,
  given: PreprocessingConfiguration,
): PreprocessingConfiguration {
  const { on_bad_image } = given;
  const bad = on_bad_image === undefined ? {} : { on_bad_image };
  if (network.startsWith('Small')) return { name: 'SmallImagePreprocessing', ...bad };
  if (network.startsWith('ViT')) return { name: 'ViTImagePreprocessing', ...bad };
  return { name: 'ResNetImagePreprocessing', image_size: 224, ...bad };
}

const pretrained = (name: keyof typeof backbones): Source =>
  networkSource(name, (dataset, { seed, use_gpu, engine, precision, preprocessing }, { signal }, items) => {
    const model = { name, embedding_size: 1 };
    const start = { model, run: { id: 0 }, seed, use_gpu, engine, ...(precision && { precision }) };
    return embedAtStart({ ...start, preprocessing: ownPreprocessing(name, preprocessing) }, dataset, {
      part: 'raw features',
      items,
      signal,
    });
  });

/**
 * Finds the source that a name stands for: a file of embeddings, the folder or number of a run, an image network with its
 * pretrained weights (then its features are taken), or a model URI.
 *
 * @throws UsageError where it is none of these, or the file or record cannot be read
 */
export function resolveSource(name: string): Source {
  const path = expandHome(name);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isFolder && existsSync(join(path, RECORD_FILE))) return runSource(path);
  if (isRunNumber(name)) return runSource(findRun(name));
  if (Object.hasOwn(backbones, name)) return pretrained(name as keyof typeof backbones);
  if (isNumbersFile(name)) return fileSource(path);
  if (!/^\w+,\w+:/.test(name))
    throw new UsageError(
      `unknown embeddings: ${name}; give a file (.npz, .npy, .mat, .txt, .csv), the folder of a run, a model URI or a network (${Object.keys(backbones).join(', ')})`,
    );
  parseModelUri(name);
  return networkSource(name, (dataset, configuration, { signal }, items) =>
    embedItems(name, dataset, { configuration, signal, items }),
  );
}
