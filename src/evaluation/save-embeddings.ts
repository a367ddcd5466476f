import { join, resolve } from 'node:path';
import { expandRunRange } from '../configuration/model-uri.js';
import type { CommonConfiguration } from '../configuration/types.js';
import { makeDataset } from '../datasets/index.js';
import { UsageError } from '../errors.js';
import { needWritable, writeFileAtomic } from '../files.js';
import { encodeNpz } from '../formats/npz.js';
import { embedItems, type EmbedItemsOptions, type ItemEmbeddings } from './load-model.js';

export interface SavedEmbeddings {
  readonly file: string;
  readonly items: number;
  readonly models: number;
  readonly size: number;
  /** What was left out. */
  readonly notes: readonly string[];
}

export interface SaveEmbeddingsOptions extends Pick<EmbedItemsOptions, 'base' | 'signal' | 'onProgress'> {
  /** The models, in place of the configuration's `model_uris`. */
  readonly modelUris?: readonly string[];
}

/**
 * `save-embeddings`: embeds all items by one model or several and writes them for students to learn from.
 *
 * The file is `embeddings_<new_source_embeddings_id>.npz` in `output_directory_name`, its array `embeddings` float32
 * `[items, models, size]`.
 *
 * @throws UsageError where an argument is missing or a model does not fit, before anything is written
 */
export async function saveEmbeddings(
  configuration: CommonConfiguration,
  options: SaveEmbeddingsOptions = {},
): Promise<SavedEmbeddings> {
  const { modelUris } = options;
  const { model_uris, output_directory_name, new_source_embeddings_id } = configuration;
  if (modelUris === undefined && model_uris === undefined)
    throw new UsageError(
      'missing model_uris; give model_uris=Psycho,embedding_size:128/modeling/runs/run-0111..0115/checkpoint-best.pth',
    );
  if (output_directory_name === undefined)
    throw new UsageError('missing output_directory_name; give the folder to write to');
  if (new_source_embeddings_id === undefined)
    throw new UsageError('missing new_source_embeddings_id; give a name such as pt_ste5');
  const folder = resolve(options.base ?? process.cwd(), output_directory_name);
  needWritable(folder);
  const dataset = makeDataset(configuration.dataset);
  const models: ItemEmbeddings[] = [];
  for (const uri of modelUris ?? expandRunRange(model_uris!))
    models.push(await embedItems(uri, dataset, { ...options, configuration }));
  const [{ size }] = models;
  const items = dataset.items.length;
  const data = new Float32Array(items * models.length * size);
  models.forEach((model, m) => {
    for (let item = 0; item < items; item++)
      data.set(model.data.subarray(item * size, (item + 1) * size), (item * models.length + m) * size);
  });
  const file = join(folder, `embeddings_${new_source_embeddings_id}.npz`);
  const embeddings = { dtype: 'float32' as const, shape: [items, models.length, size], data };
  writeFileAtomic(file, encodeNpz({ embeddings }));
  return { file, items, models: models.length, size, notes: [...new Set(models.flatMap(({ notes }) => notes ?? []))] };
}
