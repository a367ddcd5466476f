import { join, resolve } from 'node:path';
import { expandRunRange } from '../configuration/model-uri.js';
import type { CommonConfiguration } from '../configuration/types.js';
import { makeTripletDataset } from '../datasets/index.js';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { encodeNpz } from '../formats/npz.js';
import { embedItems } from './load-model.js';

export interface SavedEmbeddings {
  readonly file: string;
  readonly items: number;
  readonly models: number;
  readonly size: number;
}

/**
 * `save-embeddings`: embeds all items by one model or several and writes them for students to learn from.
 *
 * The file is `embeddings_<new_source_embeddings_id>.npz` in `output_directory_name`, its array `embeddings` float32
 * `[items, models, size]`.
 *
 * @param base where relative paths start
 * @throws UsageError where an argument is missing or a model does not fit, before anything is written
 */
export function saveEmbeddings(configuration: CommonConfiguration, base: string = process.cwd()): SavedEmbeddings {
  const { model_uris, output_directory_name, new_source_embeddings_id } = configuration;
  if (model_uris === undefined)
    throw new UsageError(
      'missing model_uris; give model_uris=Psycho,embedding_size:128/modeling/runs/run-0111..0115/checkpoint-best.pth',
    );
  if (output_directory_name === undefined)
    throw new UsageError('missing output_directory_name; give the folder to write to');
  if (new_source_embeddings_id === undefined)
    throw new UsageError('missing new_source_embeddings_id; give a name such as pt_ste5');
  const dataset = makeTripletDataset(configuration.dataset);
  const models = expandRunRange(model_uris).map((uri) => embedItems(uri, dataset, base));
  const [{ size }] = models;
  const items = dataset.items.length;
  const data = new Float32Array(items * models.length * size);
  models.forEach((model, m) => {
    for (let item = 0; item < items; item++)
      data.set(model.data.subarray(item * size, (item + 1) * size), (item * models.length + m) * size);
  });
  const file = join(resolve(base, output_directory_name), `embeddings_${new_source_embeddings_id}.npz`);
  const embeddings = { dtype: 'float32' as const, shape: [items, models.length, size], data };
  writeFileAtomic(file, encodeNpz({ embeddings }));
  return { file, items, models: models.length, size };
}
