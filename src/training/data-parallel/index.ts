import * as tf from '../../tf.js';
import type { Backbone } from '../../backbones/index.js';
import type { NetworkConfiguration } from '../../configuration/types.js';
import type { Engine } from '../../engine/types.js';
import { gpuNumbers, threadCount } from '../../engine/machine.js';
import { UsageError } from '../../errors.js';
import type { YieldPoint } from '../learner.js';
import { rowsOf, type BatchLoss, type MicroBatch, type EmbeddingNetwork } from '../images/micro-batches.js';
import { ReplicaProcess } from './process.js';
import type { Values } from './exchange-file.js';
import type { ReplicaStart, Request } from './protocol.js';

/** Returns a part's share of consecutive micro-batches: shares are as even as possible and keep the order. */
const shareOf = <T>(all: readonly T[], part: number, parts: number): readonly T[] =>
  all.slice(Math.floor((part * all.length) / parts), Math.floor(((part + 1) * all.length) / parts));

/**
 * Copies of a network in processes of their own, one for each GPU or group of cores. They share the micro-batches of a
 * batch: they embed them, this process computes the loss and its gradient with respect to all embeddings, and each copy
 * propagates its rows of that gradient back. The sum of their gradients equals that of one process, up to rounding.
 * Pictures, embeddings, gradients and new parameters travel between the processes.
 */
export class DataParallelNetwork implements EmbeddingNetwork {
  readonly embeddingSize: number;
  /** Says which variables the replicas do not have the values of yet. */
  private stale: 'all' | 'trained' | 'none' = 'all';

  private constructor(
    private readonly backbone: Backbone,
    private readonly processes: readonly ReplicaProcess[],
  ) {
    this.embeddingSize = backbone.embeddingSize;
  }

  /**
   * @throws UsageError where rows of a batch depend on each other, or a process cannot start the engine
   */
  static async start(
    backbone: Backbone,
    network: NetworkConfiguration,
    engine: Engine,
    count: number,
  ): Promise<DataParallelNetwork> {
    if (backbone.usesBatchStatistics)
      throw new UsageError(
        `invalid num_processes: ${count}; batch normalisation of ${network.name} needs the whole batch in one process, set num_processes=1 or model.frozen_variables=bn`,
      );
    const processes = Array.from(
      { length: count },
      (_, i) => new ReplicaProcess(`process ${i + 1} of ${count}`, engine, environmentOf(i, count, engine)),
    );
    const replicas = new DataParallelNetwork(backbone, processes);
    const parameters = backbone.parameters.map(({ name }) => name);
    const start: ReplicaStart = { network, parameters, engine: engine.name, precision: engine.precision };
    try {
      await replicas.askAll(() => [{ kind: 'start', start }]);
      return replicas;
    } catch (error) {
      await replicas.dispose();
      throw error;
    }
  }

  get width(): number {
    return this.processes.length;
  }

  async embed(microBatches: readonly MicroBatch[], training: boolean, yieldPoint: YieldPoint): Promise<Float32Array> {
    return this.embedShared(microBatches, training, false, yieldPoint);
  }

  async gradient(
    microBatches: readonly MicroBatch[],
    loss: BatchLoss,
    yieldPoint: YieldPoint,
  ): Promise<{ value: number; gradients: tf.Tensor[] }> {
    const d = this.embeddingSize;
    const embeddings = await this.embedShared(microBatches, true, true, (share) => yieldPoint(share / 4));
    const { value, gradient } = loss.at(embeddings, rowsOf(microBatches), d);
    let row = 0;
    const upstream = microBatches.map(({ rows }) => {
      row += rows;
      return gradient.slice((row - rows) * d, row * d);
    });
    const parts = await this.askAll((i) => [{ kind: 'propagate' }, shareOf(upstream, i, this.width)], yieldPoint);
    await yieldPoint(1);
    const trained = this.backbone.parameters.filter(({ trainable }) => trainable);
    return {
      value,
      gradients: trained.map(({ variable: { shape } }, k) =>
        tf.tidy(() => tf.addN(parts.flatMap((arrays) => (arrays.length > 0 ? [tf.tensor(arrays[k], shape)] : [])))),
      ),
    };
  }

  changed(what: 'trained' | 'all'): void {
    if (this.stale !== 'all') this.stale = what;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop()));
  }

  private async embedShared(
    microBatches: readonly MicroBatch[],
    training: boolean,
    keep: boolean,
    yieldPoint: YieldPoint,
  ): Promise<Float32Array> {
    await this.refresh();
    const parts = await this.askAll((i) => {
      const own = shareOf(microBatches, i, this.width);
      const rows = own.map((microBatch) => microBatch.rows);
      return [{ kind: 'embed', rows, size: microBatches[0].size, training, keep }, own.map(({ data }) => data)];
    }, yieldPoint);
    const all = new Float32Array(rowsOf(microBatches) * this.embeddingSize);
    let at = 0;
    for (const [embeddings] of parts) {
      all.set(embeddings, at);
      at += embeddings.length;
    }
    return all;
  }

  /** Sends the values that have changed to the replicas. */
  private async refresh(): Promise<void> {
    if (this.stale === 'none') return;
    const { parameters, buffers } = this.backbone;
    const places: number[] = [];
    const values: Values[] = [];
    for (const [place, { variable, trainable }] of [...parameters, ...buffers].entries())
      if (trainable || this.stale === 'all') {
        places.push(place);
        values.push((await variable.data()) as Values);
      }
    await this.askAll(() => [{ kind: 'variables', places }, values]);
    this.stale = 'none';
  }

  /** Asks all replicas at once and waits for all of them, even if one fails: none is left at work. */
  private async askAll(
    request: (process: number) => [request: Request, arrays?: readonly Values[]],
    yieldPoint?: YieldPoint,
  ): Promise<Float32Array[][]> {
    let stopped: unknown;
    const answers = Promise.allSettled(this.processes.map((one, i) => one.ask(...request(i))));
    let open = true;
    void answers.then(() => (open = false));
    while (open && yieldPoint !== undefined && stopped === undefined) {
      await Promise.race([answers, pause()]);
      await yieldPoint(0).catch((error: unknown) => {
        stopped = error;
        for (const one of this.processes) one.drop();
      });
    }
    const settled = await answers;
    if (stopped !== undefined) throw stopped as Error;
    return settled.map((answer) => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  }
}

/** Waits 50 ms, so that signals, timers and progress get their turn while the replicas work. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** Returns the environment that gives a process a GPU, or its part of the threads. */
function environmentOf(i: number, count: number, engine: Engine): Record<string, string> {
  const threads = String(Math.max(1, Math.floor(threadCount() / count)));
  if (!engine.gpu) return { TRIPLETLAB_THREADS: threads, OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads };
  const gpus = gpuNumbers();
  return { TRIPLETLAB_THREADS: threads, ...(gpus.length > 0 && { CUDA_VISIBLE_DEVICES: gpus[i % gpus.length] }) };
}
