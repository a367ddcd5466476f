import * as tf from '@tensorflow/tfjs';
import type { Backbone } from '../../backbones/index.js';
import { makeBackbone } from '../../backbones/registry.js';
import { asOutOfMemory, chooseEngine } from '../../engine/index.js';
import { recoverEngine } from '../../engine/recover.js';
import { UsageError } from '../../errors.js';
import { Stream } from '../../random/stream.js';
import { embedPieces, propagatePieces, type Piece } from '../micro-batches.js';
import { Aborted } from '../learner.js';
import type { ReplicaStart, Reply, Request, Values } from './protocol.js';

/** A copy of a network in a process of its own, which does what the training process asks for. */
class Replica {
  /** Whether the request under way is to be dropped. */
  dropped = false;
  private kept: readonly Piece[] = [];

  private constructor(
    private readonly backbone: Backbone,
    readonly engine: string,
  ) {}

  static async start({ network, variant, engine, precision }: ReplicaStart): Promise<Replica> {
    const { name } = await chooseEngine({ useGpu: true, engine, precision });
    return new Replica(makeBackbone(network, { stream: new Stream(0, 'unused'), variant, blank: true }), name);
  }

  async answer(request: Exclude<Request, { kind: 'start' | 'drop' }>): Promise<Float32Array[]> {
    switch (request.kind) {
      case 'variables':
        this.assign(request.values);
        return [];
      case 'embed':
        this.kept = request.keep ? request.pieces : [];
        return [await embedPieces(this.backbone, request.pieces, request.training, this.tick)];
      case 'propagate': {
        const gradients = await propagatePieces(this.backbone, this.kept, request.upstream, this.tick);
        const arrays = await Promise.all(gradients.map((gradient) => gradient.data<'float32'>()));
        tf.dispose(gradients);
        return arrays;
      }
    }
  }

  /** Between pieces messages are looked at. */
  private readonly tick = async (): Promise<void> => {
    await new Promise(setImmediate);
    if (this.dropped) throw new Aborted('dropped');
  };

  private assign(values: readonly (readonly [number, Values])[]): void {
    const all = [...this.backbone.parameters, ...this.backbone.buffers];
    tf.tidy(() => {
      for (const [place, numbers] of values) {
        const { variable } = all[place];
        variable.assign(tf.tensor(numbers, variable.shape, variable.dtype));
      }
    });
  }
}

/** Serves the process that started this one until it ends or hangs up. */
export function serveReplica(): void {
  // the terminal and schedulers signal whole groups; the training process decides what becomes of its replicas
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(0));
  let replica: Replica | undefined;
  let engine = 'engine';
  const reply = async (request: Exclude<Request, { kind: 'drop' }>): Promise<Reply> => {
    try {
      if (request.kind === 'start') {
        replica = await Replica.start(request.start);
        ({ engine } = replica);
        return { kind: 'done', arrays: [] };
      }
      return { kind: 'done', arrays: await replica!.answer(request) };
    } catch (error) {
      const { message } = error as Error;
      const reason = asOutOfMemory(error, engine)?.reason;
      if (reason !== undefined) recoverEngine();
      const usage = error instanceof UsageError;
      return { kind: 'failed', message, usage, ...(reason !== undefined && { outOfMemory: reason }) };
    }
  };
  process.on('message', (request: Request) => {
    if (replica !== undefined) replica.dropped = request.kind === 'drop';
    if (request.kind !== 'drop') void reply(request).then((answer) => process.send!(answer));
  });
}
