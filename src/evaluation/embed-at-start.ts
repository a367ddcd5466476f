import { startBackbone } from '../backbones/start.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import type { ItemDataset } from '../datasets/index.js';
import { chooseEngine } from '../engine/index.js';
import { Stream } from '../random/stream.js';
import { embedPictures, type EmbedPicturesOptions, type PictureEmbeddings } from './embed-pictures.js';

/** What of a configuration decides how its training starts, and how the network takes its pictures. */
export type Start = Pick<
  TrainingConfiguration,
  'model' | 'seed' | 'run' | 'preprocessing' | 'use_gpu' | 'engine' | 'precision'
>;

export interface EmbedAtStartOptions extends Omit<EmbedPicturesOptions, 'preprocessing'> {
  /** The network with its new layers, which are random (default), or the features that these get. */
  readonly part?: 'all' | 'features';
}

/**
 * Embeds pictures by a network as its training starts: with the weights that it starts from, its new layers random.
 *
 * @throws UsageError where the weights are not here, or a picture cannot be read
 */
export async function embedAtStart(
  { model, seed, run, preprocessing, use_gpu, engine, precision }: Start,
  dataset: ItemDataset,
  { part = 'all', ...options }: EmbedAtStartOptions = {},
): Promise<PictureEmbeddings> {
  await chooseEngine({ useGpu: use_gpu, engine, precision });
  const backbone = await startBackbone(model, { stream: new Stream(seed, run.id, 'initial weights') });
  try {
    return await embedPictures(part === 'features' ? backbone.features : backbone, dataset, {
      ...options,
      preprocessing,
    });
  } finally {
    backbone.dispose();
  }
}
