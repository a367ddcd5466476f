import * as tf from '../../src/tf.js';
import { makeBackbone, type Backbone } from '../../src/backbones/index.js';
import type { NetworkConfiguration, TrainingConfiguration } from '../../src/configuration/index.js';
import { makeEmbeddingLoss } from '../../src/losses/kernels/index.js';
import { chooseEngine, type Engine } from '../../src/engine/index.js';
import { optimizers } from '../../src/optimizers/index.js';
import { RandomStream } from '../../src/random/stream.js';
import {
  localNetwork,
  type BatchLoss,
  type MicroBatch,
  type EmbeddingNetwork,
} from '../../src/training/images/micro-batches.js';
import { microBatchSize } from '../../src/training/images/micro-batch-size.js';
import { DataParallelNetwork } from '../../src/training/data-parallel/index.js';

/** The paper's, and ViT-Ti. */
export const networks = ['ResNet50', 'Inception', 'ViT', 'ViTS', 'ViTTi'] as const;
export type NetworkName = (typeof networks)[number];

export const SIDE = 224;
export const WIDTH = 128;

/** A network with random parameters on an engine, and random pictures for it: trained with rkd, batch normalisation frozen. */
export class Network {
  private constructor(
    private readonly network: EmbeddingNetwork,
    private readonly pieces: readonly MicroBatch[],
    private readonly loss: BatchLoss,
    private readonly learn: (gradients: tf.Tensor[]) => void,
  ) {}

  /**
   * @param together how many pictures go through at once (default: as in training)
   * @param processes that share them
   */
  static async start(
    engineName: string,
    name: NetworkName,
    rows: number,
    together?: number,
    processes = 1,
  ): Promise<Network> {
    const engine = await chooseEngine({ useGpu: false, engine: engineName });
    const configuration: NetworkConfiguration = { name, embedding_size: WIDTH, frozen_variables: 'bn' };
    const backbone = makeBackbone(configuration, { stream: new RandomStream(0, 'start') });
    const piece = together ?? pieceOf(configuration, backbone, rows, engine);
    const stream = new RandomStream(1, 'pictures');
    const trained = backbone.parameters.filter(({ trainable }) => trainable);
    const optimizer = optimizers.adam(
      trained.map(({ name: parameter, variable }) => ({ name: parameter, variable, weightDecay: 1e-4 })),
      { learningRate: 1e-5 },
    );
    const learn = (gradients: tf.Tensor[]): void => {
      optimizer.step(gradients);
      trained[0].variable.dataSync();
    };
    const pieces: MicroBatch[] = Array.from({ length: Math.ceil(rows / piece) }, (_, i) => {
      const count = Math.min(piece, rows - i * piece);
      return { data: normal(stream, count * 3 * SIDE * SIDE), rows: count, size: SIDE };
    });
    const teachers = { data: normal(stream, rows * WIDTH), count: 1, size: WIDTH };
    const model = { ...configuration, loss_type: 'rkd', metric_mode: 'mP@1/max' } as const;
    const loss = makeEmbeddingLoss(model, false, engine, stream);
    const computed =
      processes === 1
        ? localNetwork(backbone)
        : await DataParallelNetwork.start(backbone, configuration, engine, processes);
    return new Network(
      computed,
      pieces,
      { at: (embeddings, n, d) => loss.valueAndGradient(embeddings, n, d, { teachers }) },
      learn,
    );
  }

  /** How many pictures go through the network at once. */
  get piece(): number {
    return this.pieces[0].rows;
  }

  /** Seconds of forward, loss, backward and Adam. */
  async step(): Promise<number> {
    const start = performance.now();
    const { gradients } = await this.network.gradient(this.pieces, this.loss, () => Promise.resolve());
    this.learn(gradients);
    this.network.changed('trained');
    tf.dispose(gradients);
    return (performance.now() - start) / 1000;
  }

  /** Seconds of embedding, which keeps nothing for gradients. */
  async embed(): Promise<number> {
    const start = performance.now();
    await this.network.embed(this.pieces, false, () => Promise.resolve());
    return (performance.now() - start) / 1000;
  }
}

function normal(stream: RandomStream, count: number): Float32Array {
  const data = new Float32Array(count);
  stream.fillNormal(data, 0, 1);
  return data;
}

function pieceOf(model: NetworkConfiguration, backbone: Backbone, rows: number, engine: Engine): number {
  const configuration = { optimization: {}, dataset: { batch_size: rows }, model } as TrainingConfiguration;
  return microBatchSize(configuration, backbone, SIDE, engine);
}
