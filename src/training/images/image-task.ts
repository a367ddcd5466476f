import { drawOf } from '../../configuration/repetitions.js';
import { resolve } from 'node:path';
import { blankBackbone, isKerasForm } from '../../backbones/load.js';
import type { Backbone } from '../../backbones/index.js';
import { ownPart } from '../../catalogue/own-parts.js';
import * as tf from '../../tf.js';
import { startBackbone } from '../../backbones/start.js';
import type { ResolvedWeights, WeightsSource } from '../../backbones/weights/index.js';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { labelsDigest, picturesDigest } from '../../datasets/digests.js';
import { makeDataset, type ItemDataset } from '../../datasets/index.js';
import type { Engine } from '../../engine/types.js';
import { makeEmbeddingLoss } from '../../losses/kernels/index.js';
import { optimizers } from '../../optimizers/index.js';
import { imageSize } from '../../preprocessing/index.js';
import { RandomStream } from '../../random/stream.js';
import { ImageLearner } from './image-learner.js';
import { requireModules } from '../own-parts-of.js';
import { startingWeights } from '../input-digests.js';
import { microBatchSize } from './micro-batch-size.js';
import { localNetwork } from './micro-batches.js';
import { ImageBatchLoader } from './image-batch-loader.js';
import { MicroBatchLimit } from './micro-batch-limit.js';
import { DataParallelNetwork } from '../data-parallel/index.js';
import { trainingData, type TrainingData } from '../training-data.js';
import { wantedPictures, type WantedPictures } from './wanted-pictures.js';
import type { LearnerOptions, Task } from '../task.js';

/**
 * Makes the task of training an image network: on the teachers' relations (SE sets), on classes (SEC sets), or directly
 * on labelled triplets (TImg sets).
 */
export function imageTask([given]: readonly TrainingConfiguration[], base: string): Task<Int32Array> {
  const folder = given.dataset.data_directory_name;
  const section = { ...given.dataset, data_directory_name: folder === null ? null : resolve(base, folder) };
  const configuration = { ...given, dataset: section };
  const dataset = makeDataset(section);
  const data = trainingData(configuration, dataset);
  const wanted = wantedPictures(dataset, data.items, configuration.preprocessing);
  const weights = startingWeights(configuration);
  const pictures = picturesDigest(dataset, wanted.sizes);
  return {
    facts: dataset.facts,
    inputs: {
      labels: labelsDigest(dataset),
      ...(pictures !== undefined && { pictures }),
      ...(data.sourceEmbeddings !== undefined && { source_embeddings: data.sourceEmbeddings }),
      ...(weights !== undefined && { weights: weights.source.sha256.slice(0, 16) }),
    },
    sampler: data.sampler,
    describeBatch: (batch) => `its first picture: ${dataset.items[batch[0]].file ?? `item ${batch[0]}`}`,
    learner: (engine, options) => makeLearner({ configuration, dataset, data, wanted, weights }, engine, options),
  };
}

/** The data that were read for a training. */
interface Material {
  readonly configuration: TrainingConfiguration;
  readonly dataset: ItemDataset;
  readonly data: TrainingData;
  readonly wanted: WantedPictures;
  readonly weights: ResolvedWeights | undefined;
}

async function makeLearner(
  { configuration, dataset, data, wanted, weights }: Material,
  engine: Engine,
  { log, measure, resumed: [checkpoint] }: LearnerOptions,
): Promise<ImageLearner> {
  const { model, optimization, preprocessing, seed, run } = configuration;
  const stream = (use: string): RandomStream => new RandomStream(seed, drawOf(run), use);
  const notes: string[] = [];
  const start = {
    weights,
    stream: stream('initial weights'),
    log,
    onWeights: ({ name, origin, sha256 }: WeightsSource) =>
      void notes.push(`weights at the start: ${name} (${origin}), sha256 ${sha256}`),
  };
  const backbone = checkpoint ? blankBackbone(model, Object.keys(checkpoint)) : await startBackbone(model, start);
  if (ownPart('backbone', model.name) !== undefined) probe(backbone, imageSize(preprocessing));
  if (isKerasForm(backbone.parameters.map(({ name }) => name)))
    notes.push("the network is Keras's form of ResNet-50, which neither the original nor torchvision can load");
  const { optimizer_type, initial_learning_rate: learningRate, weight_decay: weightDecay } = optimization;
  const trained = backbone.parameters.filter(({ trainable }) => trainable);
  const { num_processes: processes = 1 } = configuration;
  if (processes > 1) requireModules(configuration, `num_processes: ${processes}`);
  const rowsAtOnce = microBatchSize(configuration, backbone, imageSize(preprocessing), engine);
  const microBatches = new MicroBatchLimit(configuration, backbone, rowsAtOnce);
  for (const note of microBatches.notes()) log(note);
  if (processes > 1) notes.push(`batches are shared by ${processes} processes`);
  const loader = new ImageBatchLoader(dataset, {
    preprocessing,
    wanted,
    microBatchSize: rowsAtOnce,
    seed: stream('augmentation').integer(0x7fffffff),
    together: data.together,
  });
  for (const note of loader.notes()) log(note);
  const network =
    processes === 1 ? localNetwork(backbone) : await DataParallelNetwork.start(backbone, model, engine, processes);
  return new ImageLearner({
    backbone,
    network,
    microBatches,
    notes,
    optimizer: optimizers[optimizer_type](
      trained.map(({ name, variable }) => ({ name, variable, weightDecay })),
      { learningRate },
    ),
    loss: makeEmbeddingLoss(model, data.directed, engine, stream('loss')),
    loader,
    validationBatches: () => data.validationBatches(),
    metric: data.metric,
    supervise: (items, training) => data.supervise(items, training),
    measure,
  });
}

/** Embeds a black picture, so that a network of one's own that cannot ends the training before it begins. */
const probe = (backbone: Backbone, side: number): void => {
  tf.tidy(() => void backbone.embed(tf.zeros([1, side, side, 3]), false));
};
