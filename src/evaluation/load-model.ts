import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadBackbone } from '../backbones/load.js';
import { indexTables } from '../teachers/index-tables.js';
import { parseModelUri } from '../configuration/model-uri.js';
import { isIndexModel } from '../catalogue/models.js';
import type { CommonConfiguration } from '../configuration/types.js';
import type { ItemDataset, TripletDataset } from '../datasets/index.js';
import { WEIGHT } from '../teachers/tensor-names.js';
import { chooseEngine } from '../engine/index.js';
import { UsageError } from '../errors.js';
import { expandHome } from '../files.js';
import type { NamedArrays } from '../backbones/backbone.js';
import type { NdArray } from '../formats/nd-array.js';
import { brokenRows, namedRows } from '../metrics/finite-rows.js';
import { BEST_FILE, loadParameters } from '../training/runs/checkpoint.js';
import { brokenParameter } from '../backbones/broken-parameter.js';
import type { RunRecord } from '../training/runs/run-record.js';
import { embedPictures, type EmbedPicturesOptions } from './embed-pictures.js';

/** Embeddings of the items of a data set: `[items, size] float32`; rows of NaN for those that were not embedded. */
export interface ItemEmbeddings {
  readonly data: Float32Array;
  readonly size: number;
  /** Items whose pictures cannot be read. */
  readonly unreadable?: ReadonlySet<number>;
  /** Notes about pictures that were left out. */
  readonly notes?: readonly string[];
}

export interface EmbedItemsOptions extends Partial<Omit<EmbedPicturesOptions, 'preprocessing'>> {
  /** Where a relative path in the URI starts (default: the working directory). */
  readonly base?: string;
  /** The preprocessing for image networks, and the engine that computes them. */
  readonly configuration?: Pick<CommonConfiguration, 'preprocessing' | 'use_gpu' | 'engine' | 'precision'>;
}

/** Finds the file that a model URI means: the original's `.pth` names stand for our checkpoints of the same name. */
function locateCheckpoint(file: string, base: string): string {
  const path = resolve(base, expandHome(file));
  const ours = path.replace(/\.pth$/, '.safetensors');
  return !existsSync(path) && existsSync(ours) ? ours : path;
}

function checkShape(table: NdArray | undefined, items: number, size: number, file: string): Float32Array {
  if (table === undefined)
    throw new UsageError(`invalid checkpoint: ${file} has no ${WEIGHT}; give one of an index model`);
  const [rows, columns] = table.shape;
  if (columns !== size)
    throw new UsageError(`invalid embedding_size: ${size} in the model URI; ${file} has ${columns}`);
  if (rows !== items)
    throw new UsageError(
      `invalid checkpoint: ${file} embeds ${rows} items, the data set has ${items}; take the data it was trained on`,
    );
  return table.data as Float32Array;
}

/** Refuses a network whose training diverged, and names the rows of its first tensor that are not finite. */
function refuseBrokenParameters(parameters: NamedArrays, file: string): void {
  const name = brokenParameter(parameters);
  if (name === undefined) return;
  const { data, shape } = parameters[name];
  const rows = brokenRows(
    data as Float32Array,
    shape.slice(1).reduce((product, length) => product * length, 1),
  );
  throw new UsageError(
    `broken network: ${name} of ${file} is infinite or NaN in ${namedRows(rows)}; train it again with a lower optimization.initial_learning_rate`,
  );
}

/**
 * Embeds the items of a data set by a trained model: an index teacher embeds all, an image network those asked for.
 *
 * @param uri `Psycho,embedding_size:128/modeling/runs/run-0111/checkpoint-best.pth`
 * @throws UsageError where there is no such checkpoint, it does not fit the URI or the data set, or a number of it is
 *   not finite
 */
export async function embedItems(
  uri: string,
  dataset: ItemDataset,
  { base = process.cwd(), configuration, ...options }: EmbedItemsOptions = {},
): Promise<ItemEmbeddings> {
  const { network, file } = parseModelUri(uri);
  const path = locateCheckpoint(file, base);
  const parameters = loadParameters(path);
  refuseBrokenParameters(parameters, path);
  if (isIndexModel(network.name)) {
    const size = network.embedding_size;
    const table = checkShape(parameters[WEIGHT], dataset.items.length, size, path);
    return { data: indexTables[network.name].embed(table, (dataset as TripletDataset).prototypes, size), size };
  }
  if (configuration === undefined)
    throw new UsageError(`missing configuration: ${network.name} embeds pictures; give its preprocessing and engine`);
  await chooseEngine({
    useGpu: configuration.use_gpu,
    engine: configuration.engine,
    precision: configuration.precision,
  });
  const backbone = loadBackbone(network, parameters, path);
  try {
    return await embedPictures(backbone, dataset, { ...options, preprocessing: configuration.preprocessing });
  } finally {
    backbone.dispose();
  }
}

/** Returns the model URI of a run's best checkpoint, with the path as in the run's configuration. */
export function modelUri({ name, configuration: { run, model } }: RunRecord): string {
  const layers = model.num_nonlinearity_layers ? `,num_nonlinearity_layers:${model.num_nonlinearity_layers}` : '';
  return `${model.name},embedding_size:${model.embedding_size}${layers}/${run.output_directory_name}/${name}/${BEST_FILE}`;
}

/** Returns the embeddings of some items, `[n, size] float32` in their order. */
export function rowsOf({ data, size }: ItemEmbeddings, items: ArrayLike<number>): Float32Array {
  const rows = new Float32Array(items.length * size);
  for (let i = 0; i < items.length; i++) rows.set(data.subarray(items[i] * size, (items[i] + 1) * size), i * size);
  return rows;
}
