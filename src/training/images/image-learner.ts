import { withoutDenormalGradients } from './denormal-gradients.js';
import * as tf from '../../tf.js';
import type { Backbone } from '../../backbones/index.js';
import { UsageError } from '../../errors.js';
import type { NdArray } from '../../formats/nd-array.js';
import type { EmbeddingLoss, Supervision } from '../../losses/index.js';
import { brokenRows } from '../../metrics/index.js';
import type { Optimizer } from '../../optimizers/index.js';
import { embedDistinct } from './distinct-embeddings.js';
import type { ImageBatchLoader } from './image-batch-loader.js';
import type { Learner, NamedArrays, YieldPoint, Validation } from '../learner.js';
import { splitMicroBatches, type BatchLoss, type EmbeddingNetwork } from './micro-batches.js';
import type { MicroBatchLimit } from './micro-batch-limit.js';
import type { ValidationMetric } from '../validation-metric.js';

const STEP = 'optimizer.step';
const LOSS_RANDOM = 'loss.random';
const LEFT_OUT = 'pictures.left_out';

export interface ImageLearnerParts {
  readonly backbone: Backbone;
  /** The network, computed by this process or by several others. */
  readonly network: EmbeddingNetwork;
  readonly microBatches: MicroBatchLimit;
  readonly optimizer: Optimizer;
  readonly loss: EmbeddingLoss;
  readonly loader: ImageBatchLoader;
  /** Returns the validation batches of the present epoch. */
  validationBatches(): readonly Int32Array[];
  readonly metric: ValidationMetric;
  /** What readers of the run's record must know. */
  readonly notes: readonly string[];
  /** Returns what the loss learns from on these items. */
  supervise(items: Int32Array, training: boolean): Supervision;
  /** Whether the norms of gradients are measured. */
  readonly measure: boolean;
}

/** Trains an image network batch by batch; micro-batches bound its memory. */
export class ImageLearner implements Learner<Int32Array> {
  readonly models = 1;
  private norm: number | undefined;

  constructor(private readonly parts: ImageLearnerParts) {}

  get learningRate(): number {
    return this.parts.optimizer.learningRate;
  }

  set learningRate(rate: number) {
    this.parts.optimizer.learningRate = rate;
  }

  gradientNorms(): Float64Array | undefined {
    return this.norm === undefined ? undefined : Float64Array.of(this.norm);
  }

  plan(epoch: number, batches: readonly Int32Array[], first: number): void {
    this.parts.loader.plan(epoch, batches, first);
  }

  async train(batch: Int32Array, yieldPoint: YieldPoint): Promise<Float64Array> {
    const { network, optimizer, loss, loader, microBatches: limit } = this.parts;
    const { items, microBatches } = await loader.next(batch);
    if (items.length === 0)
      throw new UsageError(`none of the ${batch.length} pictures of a batch can be read; check the data set's folder`);
    const supervision = this.parts.supervise(items, true);
    const random = loss.state();
    const lossOfRows: BatchLoss = withoutDenormalGradients({
      // losses clamp their input, which could hide NaN
      at: (embeddings, n, d) =>
        brokenRows(embeddings, d).length > 0
          ? { value: NaN, gradient: new Float32Array(n * d) }
          : loss.valueAndGradient(embeddings, n, d, supervision),
      ofTensor: loss.ofTensor?.(items.length, supervision),
    });
    const { value, gradients } = await limit.within(async (most) => {
      try {
        return await network.gradient(splitMicroBatches(microBatches, most), lossOfRows, yieldPoint);
      } catch (error) {
        if (random !== undefined) loss.restore(random); // the step will be taken again
        throw error;
      }
    });
    try {
      if (this.parts.measure) this.norm = normOf(gradients);
      optimizer.step(gradients);
    } finally {
      tf.dispose(gradients);
    }
    network.changed('trained');
    return Float64Array.of(value);
  }

  async validate(yieldPoint: YieldPoint): Promise<Validation> {
    const { backbone, network, loss, loader, metric } = this.parts;
    const random = loss.state();
    const all = this.parts.validationBatches();
    const embedded = await embedDistinct(network, loader, all, yieldPoint);
    let sum = 0;
    let batches = 0;
    const measure = metric.begin(backbone.embeddingSize);
    for (const batch of all) {
      const items = embedded.readable(batch);
      if (items.length === 0) continue;
      const embeddings = embedded.rows(items);
      if (brokenRows(embeddings, backbone.embeddingSize).length > 0)
        return { loss: Float64Array.of(NaN), metric: Float64Array.of(NaN) };
      sum += loss.value(embeddings, items.length, backbone.embeddingSize, this.parts.supervise(items, false));
      batches++;
      measure.add(embeddings, items);
      await yieldPoint(1);
    }
    if (random !== undefined) loss.restore(random);
    return { loss: Float64Array.of(sum / batches), metric: Float64Array.of(measure.value()) };
  }

  parameters(): NamedArrays {
    return this.parts.backbone.stateDict();
  }

  state(): NamedArrays {
    const { optimizer, loss, loader } = this.parts;
    const state: Record<string, NdArray> = { ...this.parameters() };
    for (const [name, tensor] of Object.entries(optimizer.tensors()))
      state[name] = { dtype: 'float32', shape: tensor.shape, data: tensor.dataSync<'float32'>().slice() };
    state[STEP] = { dtype: 'int32', shape: [], data: Int32Array.of(optimizer.steps) };
    const random = loss.state();
    if (random !== undefined) state[LOSS_RANDOM] = { dtype: 'uint32', shape: [random.length], data: random };
    const leftOut = loader.leftOut();
    if (leftOut.length > 0) state[LEFT_OUT] = { dtype: 'int32', shape: [leftOut.length], data: leftOut };
    return state;
  }

  restore(_model: number, state: NamedArrays): void {
    const { backbone, optimizer, loss, loader } = this.parts;
    this.parts.network.changed('all');
    const own = optimizer.tensors();
    const names = new Set([...Object.keys(own), STEP, LOSS_RANDOM, LEFT_OUT]);
    backbone.loadStateDict(
      Object.fromEntries(Object.entries(state).filter(([name]) => !names.has(name))),
      'the last checkpoint',
    );
    for (const [name, tensor] of Object.entries(own))
      tf.tidy(() => {
        (tensor as tf.Variable).assign(tf.tensor(state[name].data as Float32Array, tensor.shape));
      });
    optimizer.steps = Number(state[STEP].data[0]);
    if (LOSS_RANDOM in state) loss.restore(state[LOSS_RANDOM].data as Uint32Array);
    if (LEFT_OUT in state) loader.restore(state[LEFT_OUT].data as Int32Array);
  }

  notes(): readonly string[] {
    return [...this.parts.notes, ...this.parts.microBatches.notes(), ...this.parts.loader.notes()];
  }

  async dispose(): Promise<void> {
    await Promise.all([this.parts.loader.dispose(), this.parts.network.dispose()]);
    this.parts.optimizer.dispose();
    this.parts.backbone.dispose();
  }
}

/** Computes the norm of all numbers of some tensors together. */
const normOf = (tensors: readonly tf.Tensor[]): number =>
  Math.sqrt(tf.tidy(() => tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor)))).dataSync()[0]));
