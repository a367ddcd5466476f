import { join, resolve } from 'node:path';
import { expandRunRange } from '../configuration/model-uri.js';
import type { CommonConfiguration } from '../configuration/types.js';
import { makeDataset } from '../datasets/index.js';
import { UsageError } from '../errors.js';
import { needWritable, writeFileAtomic } from '../files.js';
import { npzParts } from '../formats/npz.js';
import { embedItems, type EmbedItemsOptions } from './load-model.js';

export interface SavedEmbeddings {
  readonly file: string;
  readonly items: number;
  readonly models: number;
  readonly size: number;
  /** Notes about pictures that were left out. */
  readonly notes: readonly string[];
}

export interface SaveEmbeddingsOptions extends Pick<EmbedItemsOptions, 'base' | 'signal' | 'onProgress'> {
  /** The models, in place of the configuration's `model_uris`. */
  readonly modelUris?: readonly string[];
}

/**
 * `save-embeddings`: embeds all items by one model or several, and writes the embeddings for students to learn from.
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
  const uris = modelUris ?? expandRunRange(model_uris!);
  const items = dataset.items.length;
  const notes = new Set<string>();
  let all: { readonly size: number; readonly data: Float32Array } | undefined;
  for (const [m, uri] of uris.entries()) {
    const { size, data, notes: told = [] } = await embedItems(uri, dataset, { ...options, configuration });
    all ??= { size, data: new Float32Array(items * uris.length * size) };
    if (size !== all.size)
      throw new UsageError(`models that do not fit: ${uri} has ${size} dimensions, ${uris[0]} ${all.size}; give models of one size`); // prettier-ignore
    for (let item = 0; item < items; item++)
      all.data.set(data.subarray(item * size, (item + 1) * size), (item * uris.length + m) * size);
    for (const note of told) notes.add(note);
  }
  if (all === undefined) throw new UsageError('missing model_uris; give one model or several');
  const file = join(folder, `embeddings_${new_source_embeddings_id}.npz`);
  const embeddings = { dtype: 'float32' as const, shape: [items, uris.length, all.size], data: all.data };
  writeFileAtomic(file, ...npzParts({ embeddings }));
  return { file, items, models: uris.length, size: all.size, notes: [...notes] };
}
