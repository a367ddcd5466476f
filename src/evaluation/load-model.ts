import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { embedRows } from '../backbones/psycho-table.js';
import { parseModelUri } from '../configuration/model-uri.js';
import type { TripletDataset } from '../datasets/dataset.js';
import { WEIGHT } from '../engine/fused/names.js';
import { UsageError } from '../errors.js';
import type { NdArray } from '../formats/nd-array.js';
import type { RunRecord } from '../training/run-record.js';
import { BEST_FILE, loadParameters } from '../training/checkpoint.js';

/** Embeddings of all items of a data set: `[items, size] float32`. */
export interface ItemEmbeddings {
  readonly data: Float32Array;
  readonly size: number;
}

/** The file a model URI means: the reference's `.pth` names stand for our checkpoints of the same name. */
function locateCheckpoint(file: string, base: string): string {
  const path = resolve(base, file);
  const ours = path.replace(/\.pth$/, '.safetensors');
  return !existsSync(path) && existsSync(ours) ? ours : path;
}

function checkShape(table: NdArray | undefined, items: number, size: number, file: string): Float32Array {
  if (table === undefined)
    throw new UsageError(`invalid checkpoint: ${file} has no ${WEIGHT}; give one of a Psycho model`);
  const [rows, columns] = table.shape;
  if (columns !== size)
    throw new UsageError(`invalid embedding_size: ${size} in the model URI; ${file} has ${columns}`);
  if (rows !== items)
    throw new UsageError(
      `invalid checkpoint: ${file} embeds ${rows} items, the data set has ${items}; take the data it was trained on`,
    );
  return table.data as Float32Array;
}

/**
 * Embeds all items of a data set by a trained model.
 *
 * @param uri `Psycho,embedding_size:128/modeling/runs/run-0111/checkpoint-best.pth`
 * @param base where a relative path in the URI starts
 * @throws UsageError where there is no such checkpoint, or it does not fit the URI or the data set
 */
export function embedItems(uri: string, dataset: TripletDataset, base: string): ItemEmbeddings {
  const { network, file } = parseModelUri(uri);
  if (network.name !== 'Psycho')
    throw new UsageError(`cannot embed with model ${network.name} yet; this version has Psycho`);
  const path = locateCheckpoint(file, base);
  const size = network.embedding_size;
  const table = checkShape(loadParameters(path)[WEIGHT], dataset.items.length, size, path);
  return { data: embedRows(table, dataset.prototypes, size), size };
}

/** The model URI of a run's best checkpoint, its path as in the run's configuration. */
export function modelUri({ name, configuration: { run, model } }: RunRecord): string {
  return `${model.name},embedding_size:${model.embedding_size}/${run.output_directory_name}/${name}/${BEST_FILE}`;
}

/** The embeddings of some items, `[n, size] float32` in their order. */
export function rowsOf({ data, size }: ItemEmbeddings, items: ArrayLike<number>): Float32Array {
  const rows = new Float32Array(items.length * size);
  for (let i = 0; i < items.length; i++) rows.set(data.subarray(items[i] * size, (items[i] + 1) * size), i * size);
  return rows;
}
