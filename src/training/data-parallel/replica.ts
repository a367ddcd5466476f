import * as tf from '../../tf.js';
import type { Backbone } from '../../backbones/index.js';
import { blankBackbone } from '../../backbones/load.js';
import { asOutOfMemory, chooseEngine } from '../../engine/index.js';
import { recoverEngine } from '../../engine/recover.js';
import { UsageError } from '../../errors.js';
import { embedMicroBatches, propagateMicroBatches, type MicroBatch } from '../images/micro-batches.js';
import { Aborted } from '../learner.js';
import { ExchangeFile, type Values } from './exchange-file.js';
import type { Message, ReplicaStart, Reply, Request } from './protocol.js';

/** A copy of a network in a process of its own, which answers the training process's requests. */
class Replica {
  /** Is the request under way to be dropped? */
  dropped = false;
  private kept: readonly MicroBatch[] = [];

  private constructor(
    private readonly backbone: Backbone,
    readonly engine: string,
  ) {}

  static async start({ network, parameters, engine, precision }: ReplicaStart): Promise<Replica> {
    const { name } = await chooseEngine({ useGpu: true, engine, precision });
    return new Replica(blankBackbone(network, parameters), name);
  }

  /** Carries a request out. @param given the arrays that came with it */
  async answer(request: Exclude<Request, { kind: 'start' }>, given: readonly Values[]): Promise<Float32Array[]> {
    switch (request.kind) {
      case 'variables':
        this.assign(request.places, given);
        return [];
      case 'embed': {
        const { rows, size, training, keep } = request;
        const microBatches = rows.map((count, i) => ({ data: given[i] as Float32Array, rows: count, size }));
        this.kept = keep ? microBatches : [];
        return [await embedMicroBatches(this.backbone, microBatches, training, this.yieldPoint)];
      }
      case 'propagate': {
        const upstream = given as readonly Float32Array[];
        const gradients = await propagateMicroBatches(this.backbone, this.kept, upstream, this.yieldPoint);
        const arrays = await Promise.all(gradients.map((gradient) => gradient.data<'float32'>()));
        tf.dispose(gradients);
        return arrays;
      }
    }
  }

  /** Reads messages between micro-batches. */
  private readonly yieldPoint = async (): Promise<void> => {
    await new Promise(setImmediate);
    if (this.dropped) throw new Aborted('dropped');
  };

  private assign(places: readonly number[], values: readonly Values[]): void {
    const all = [...this.backbone.parameters, ...this.backbone.buffers];
    tf.tidy(() => {
      places.forEach((place, i) => {
        const { variable } = all[place];
        variable.assign(tf.tensor(values[i], variable.shape, variable.dtype));
      });
    });
  }
}

/**
 * Serves the process that started this one, until it ends or disconnects.
 *
 * @param inbox, outbox the exchange files to read and to write
 */
export function serveReplica(inbox: string, outbox: string): void {
  const [requests, answers] = [new ExchangeFile(inbox), new ExchangeFile(outbox)];
  // terminals and schedulers signal whole process groups; the training process decides when its replicas end
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(0));
  let replica: Replica | undefined;
  let engine = 'engine';
  const reply = async ({ request, slots }: Exclude<Message, { drop: true }>): Promise<Reply> => {
    try {
      if (request.kind === 'start') {
        replica = await Replica.start(request.start);
        ({ engine } = replica);
        return { kind: 'done', slots: [] };
      }
      return { kind: 'done', slots: answers.write(await replica!.answer(request, requests.read(slots))) };
    } catch (error) {
      const { message } = error as Error;
      const reason = asOutOfMemory(error, engine)?.reason;
      if (reason !== undefined) recoverEngine();
      const usage = error instanceof UsageError;
      return { kind: 'failed', message, usage, ...(reason !== undefined && { outOfMemory: reason }) };
    }
  };
  process.on('message', (message: Message) => {
    if (replica !== undefined) replica.dropped = 'drop' in message;
    if (!('drop' in message)) void reply(message).then((answer) => process.send!(answer));
  });
}
