import { drawOf } from '../configuration/repetitions.js';
import type { Backbone, Embedder } from '../backbones/backbone.js';
import { startBackbone } from '../backbones/start.js';
import type { NetworkConfiguration, TrainingConfiguration } from '../configuration/types.js';
import type { ItemDataset } from '../datasets/index.js';
import { chooseEngine } from '../engine/index.js';
import { RandomStream } from '../random/stream.js';
import { embedPictures, type EmbedPicturesOptions, type PictureEmbeddings } from './embed-pictures.js';

/** The keys of a configuration that decide how training starts and how pictures are preprocessed. */
export interface Start extends Pick<
  TrainingConfiguration,
  'seed' | 'preprocessing' | 'use_gpu' | 'engine' | 'precision'
> {
  readonly model: NetworkConfiguration & Partial<TrainingConfiguration['model']>;
  readonly run: Pick<TrainingConfiguration['run'], 'id'> & Partial<TrainingConfiguration['run']>;
}

const parts = {
  all: (backbone: Backbone) => backbone,
  features: (backbone: Backbone) => backbone.features,
  'raw features': (backbone: Backbone) => backbone.rawFeatures,
} satisfies Record<string, (backbone: Backbone) => Embedder>;

export interface EmbedAtStartOptions extends Omit<EmbedPicturesOptions, 'preprocessing'> {
  /**
   * The embedding: that of the network with its new, random layers (default), or the features before them, of length 1
   * or unscaled.
   */
  readonly part?: keyof typeof parts;
}

/**
 * Embeds pictures by a network as its training starts: with its pretrained weights, and its new layers random.
 *
 * @throws UsageError where the weights are not on this machine, or a picture cannot be read
 */
export async function embedAtStart(
  { model, seed, run, preprocessing, use_gpu, engine, precision }: Start,
  dataset: ItemDataset,
  { part = 'all', ...options }: EmbedAtStartOptions = {},
): Promise<PictureEmbeddings> {
  await chooseEngine({ useGpu: use_gpu, engine, precision });
  const backbone = await startBackbone(model, { stream: new RandomStream(seed, drawOf(run), 'initial weights') });
  try {
    return await embedPictures(parts[part](backbone), dataset, {
      ...options,
      preprocessing,
    });
  } finally {
    backbone.dispose();
  }
}
