import * as tf from '../../tf.js';
import { ordinal } from '../../teachers/ordinal.js';
import { psycho } from '../../teachers/psycho.js';
import { STEP, WEIGHT, type TeacherSpecification } from '../../teachers/index.js';
import { UsageError } from '../../errors.js';
import { makeTripletLoss, type TripletLoss } from '../../losses/index.js';
import { brokenRows } from '../../metrics/finite-rows.js';
import { tripletMetrics, type TripletMetric } from '../../metrics/registry.js';
import { optimizers, type Optimizer } from '../../optimizers/index.js';
import type { BatchModels } from './batch-learner.js';
import type { NamedArrays } from '../learner.js';

/**
 * Trains index teachers by tensor operations, on any engine. The tables of all teachers are one variable
 * `[teachers, items, size]`, so that fifty teachers take as many operations as one.
 */
export class TensorTeachers implements BatchModels<Int32Array> {
  readonly models: number;
  private readonly table: tf.Variable<tf.Rank.R3>;
  private readonly loss: TripletLoss;
  private readonly optimizer: Optimizer;
  private norms: Float64Array | undefined;

  /** @param measure whether the norms of gradients are measured */
  constructor(
    private readonly spec: TeacherSpecification,
    private readonly measure = false,
  ) {
    this.models = spec.initial.length;
    this.table = tf.tidy(() =>
      tf.variable(
        tf.stack(spec.initial.map((table) => tf.tensor2d(table, [spec.numItems, spec.embeddingSize]))) as tf.Tensor3D,
      ),
    );
    const exact = Boolean(spec.lossParameters['exact_log_softmax']);
    this.loss = makeTripletLoss(spec.loss, { ...spec.lossParameters, exact_log_softmax: exact }, spec.directed);
    const parameter = { name: WEIGHT, variable: this.table as tf.Variable, weightDecay: spec.weightDecay };
    this.optimizer = optimizers[spec.optimizer]([parameter], { learningRate: spec.learningRate });
    for (const [name, { shape }] of Object.entries(this.optimizer.tensors()))
      if (shape.join() !== this.table.shape.join())
        throw new UsageError(
          `invalid optimizer ${spec.optimizer}: its tensor ${name} is [${shape.join(', ')}]; teachers train together, so each must be as large as the parameter, [${this.table.shape.join(', ')}]`,
        );
  }

  get learningRate(): number {
    return this.optimizer.learningRate;
  }

  set learningRate(rate: number) {
    this.optimizer.learningRate = rate;
  }

  gradientNorms(): Float64Array | undefined {
    return this.norms;
  }

  async train(triplets: Int32Array): Promise<Float64Array> {
    let reported: tf.Tensor | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const loss = this.loss(this.embed(triplets));
      const penalty = this.penalty();
      reported = tf.keep(tf.add(loss, penalty));
      return tf.sum(this.spec.trainPenalty ? tf.add(loss, penalty) : loss) as tf.Scalar;
    }, [this.table as tf.Variable]);
    value.dispose();
    const gradients = Object.values(grads);
    if (this.measure) this.norms = normsOf(gradients[0]);
    this.optimizer.step(gradients);
    tf.dispose(gradients);
    return take(reported!);
  }

  async validate(triplets: Int32Array): Promise<{ loss: Float64Array; metric: Float64Array }> {
    const embeddings = this.embed(triplets);
    const loss = take(tf.tidy(() => tf.add(this.loss(embeddings), this.penalty())));
    const values = (await embeddings.data()) as Float32Array;
    embeddings.dispose();
    const length = values.length / this.models;
    const { embeddingSize, directed, metric: name } = this.spec;
    const score = (tripletMetrics as Readonly<Record<string, TripletMetric>>)[name];
    const metric = Float64Array.from({ length: this.models }, (_, model) => {
      const rows = values.subarray(model * length, (model + 1) * length);
      return brokenRows(rows, embeddingSize).length > 0 ? NaN : score(rows, embeddingSize, directed);
    });
    return { loss: await loss, metric };
  }

  private embed(triplets: Int32Array): tf.Tensor3D {
    return tf.tidy(() => (this.spec.free ? ordinal : psycho)(this.table, tf.tensor1d(triplets, 'int32')));
  }

  private penalty(): tf.Tensor {
    return tf.tidy(() => tf.mul(tf.sum(tf.abs(this.table), [1, 2]), this.spec.beta));
  }

  parameters(model: number): NamedArrays {
    return { [WEIGHT]: this.copy(this.table, model) };
  }

  state(model: number): NamedArrays {
    const own = Object.entries(this.optimizer.tensors());
    return {
      ...this.parameters(model),
      ...Object.fromEntries(own.map(([name, tensor]) => [`optimizer.${name}`, this.copy(tensor, model)])),
      [STEP]: { dtype: 'int32', shape: [], data: Int32Array.of(this.optimizer.steps) },
    };
  }

  restore(model: number, state: NamedArrays): void {
    this.replace(this.table, model, state[WEIGHT].data as Float32Array);
    for (const [name, tensor] of Object.entries(this.optimizer.tensors()))
      this.replace(tensor as tf.Variable, model, state[`optimizer.${name}`].data as Float32Array);
    this.optimizer.steps = Number(state[STEP].data[0]);
  }

  private copy(tensor: tf.Tensor, model: number): NamedArrays[string] {
    const data = tf.tidy(() => tf.slice(tensor, [model, 0, 0], [1, -1, -1]).dataSync()) as Float32Array;
    return { dtype: 'float32', shape: [this.spec.numItems, this.spec.embeddingSize], data };
  }

  private replace(variable: tf.Variable, model: number, values: Float32Array): void {
    tf.tidy(() => {
      const all = (variable.dataSync() as Float32Array).slice();
      all.set(values, model * values.length);
      variable.assign(tf.tensor(all, variable.shape));
    });
  }

  dispose(): Promise<void> {
    this.table.dispose();
    this.optimizer.dispose();
    return Promise.resolve();
  }
}

/** Returns the tensor's values as doubles, and disposes the tensor. */
async function take(tensor: tf.Tensor): Promise<Float64Array> {
  const values = await tensor.data();
  tensor.dispose();
  return Float64Array.from(values as Float32Array);
}

/** Computes the norm of each teacher's gradient. @param gradient `[teachers, items, size]` */
const normsOf = (gradient: tf.Tensor): Float64Array =>
  Float64Array.from(tf.tidy(() => tf.sqrt(tf.sum(tf.square(gradient), [1, 2])).dataSync()));
