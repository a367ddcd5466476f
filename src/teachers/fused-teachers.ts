import { availableParallelism } from 'node:os';
import { parametersOf } from '../catalogue/losses.js';
import { unknown } from '../errors.js';
import type { NdArray } from '../formats/nd-array.js';
import { FIRST_MOMENT, SECOND_MOMENT, STEP, WEIGHT } from './tensor-names.js';
import * as layout from './memory-layout.js';
import {
  fusedDecays,
  fusedLosses,
  hasFusedKernel,
  paddedSize,
  type TeacherSpecification,
} from './teacher-specification.js';
import { TeacherPool } from './teacher-pool.js';

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * Trains index teachers with one fused kernel: gathering, for `Psycho` relu and normalisation, the triplet loss, its
 * gradient and Adam in two passes over memory. Several teachers run on the processor's cores at once.
 *
 * Up to rounding it computes the same numbers as `TensorTeachers` does with tensor operations.
 */
export class FusedTeachers {
  readonly models: number;
  /** The learning rate of the steps to come. */
  learningRate: number;
  private readonly stride: number; // floats per row, a multiple of 8
  private readonly rows: number;
  private readonly rowOf: Int32Array; // item -> row
  private readonly untouchedL1: Float64Array; // [models], sum of |w| over the rows that never change
  private readonly batch: number;
  private step = 0;

  private constructor(
    private readonly spec: TeacherSpecification,
    private readonly pool: TeacherPool,
    private readonly teachers: number,
    private readonly items: Int32Array,
    gram: boolean,
    batch: number,
  ) {
    this.models = spec.initial.length;
    this.learningRate = spec.learningRate;
    this.rows = items.length;
    this.stride = paddedSize(spec.embeddingSize);
    this.batch = batch;
    this.rowOf = new Int32Array(spec.numItems).fill(-1);
    items.forEach((item, row) => (this.rowOf[item] = row));
    this.untouchedL1 = new Float64Array(this.models);
    this.configure(gram);
    spec.initial.forEach((table, model) => {
      this.load(model, layout.TEACHER_WEIGHT, table);
      this.untouchedL1[model] = this.sumUntouched(table);
    });
    pool.run(layout.KIND_NORMALIZE);
  }

  /** Allocates the memory and computes the first embeddings. */
  static create(spec: TeacherSpecification, threads: number = availableParallelism()): FusedTeachers {
    const moving = spec.trainPenalty || spec.weightDecay > 0;
    const items = moving ? Int32Array.from({ length: spec.numItems }, (_, item) => item) : spec.usedItems;
    const rows = items.length;
    const models = spec.initial.length;
    // work for all pairs of rows: rows^2; for the triplets one by one: about 3 rows each
    const gram = rows * rows <= 3 * spec.maxTriplets;
    const pool = new TeacherPool(models, threads);
    const batch = pool.reserve(spec.maxTriplets * 12);
    const teachers = pool.reserve(models * layout.TEACHER_BYTES);
    const table = rows * paddedSize(spec.embeddingSize) * 4;
    const tables = [
      layout.TEACHER_WEIGHT,
      layout.TEACHER_EMBEDDING,
      layout.TEACHER_GRADIENT,
      layout.TEACHER_FIRST,
      layout.TEACHER_SECOND,
    ];
    const blocks = new Map<number, number>([
      ...tables.map((field) => [field, table] as const),
      [layout.TEACHER_INVERSE, rows * 4],
      [layout.TEACHER_SQUARED, rows * 4],
      ...(spec.free ? [[layout.TEACHER_PULL, rows * 4] as const] : []),
    ]);
    if (gram)
      for (const field of [layout.TEACHER_SIMILARITY, layout.TEACHER_COEFFICIENT]) blocks.set(field, rows * rows * 4);
    const pointers: [number, number][] = [];
    for (let model = 0; model < models; model++)
      for (const [field, bytes] of blocks)
        pointers.push([teachers + model * layout.TEACHER_BYTES + field, pool.reserve(bytes)]);
    for (const [at, pointer] of pointers) pool.ints(at, 1)[0] = pointer;
    return new FusedTeachers(spec, pool, teachers, items, gram, batch);
  }

  private configure(gram: boolean): void {
    const { pool, spec } = this;
    if (!hasFusedKernel(spec.loss)) throw unknown('loss_type', spec.loss, Object.keys(fusedLosses));
    pool.setInt(layout.JOB_TRIPLETS, this.batch);
    pool.setInt(layout.JOB_TEACHERS, this.teachers);
    pool.setInt(layout.SETTING_ROWS, this.rows);
    pool.setInt(layout.SETTING_STRIDE, this.stride);
    pool.setInt(layout.SETTING_LOSS, fusedLosses[spec.loss]);
    pool.setInt(layout.SETTING_DIRECTED, Number(spec.directed));
    pool.setInt(layout.SETTING_GRAM, Number(gram));
    pool.setInt(layout.SETTING_FREE, Number(spec.free));
    parametersOf(spec.loss).forEach((name, i) => {
      pool.setFloat(layout.SETTING_PARAMETERS + 4 * i, spec.lossParameters[name] ?? 0);
    });
    pool.setFloat(layout.SETTING_BETA1, adam.beta1);
    pool.setFloat(layout.SETTING_BETA2, adam.beta2);
    pool.setFloat(layout.SETTING_EPSILON, adam.epsilon);
    pool.setFloat(layout.SETTING_COUPLED_DECAY, fusedDecays[spec.optimizer] === 'coupled' ? spec.weightDecay : 0);
    pool.setFloat(layout.SETTING_L1, spec.trainPenalty ? spec.beta : 0);
  }

  /**
   * Takes one step on a batch.
   *
   * @param triplets int32 [count, 3] item indexes
   * @returns `[models]`, the mean loss of the batch before the step, penalty included
   */
  train(triplets: Int32Array): Promise<Float64Array> {
    const { pool } = this;
    const penalty = this.penalty();
    this.step++;
    this.submit(triplets);
    const { learningRate, spec } = this;
    const decay = fusedDecays[spec.optimizer] === 'decoupled' ? learningRate * spec.weightDecay : 0;
    pool.setFloat(layout.SETTING_DECOUPLED_DECAY, decay);
    pool.setFloat(layout.JOB_LEARNING_RATE, learningRate / (1 - adam.beta1 ** this.step));
    pool.setFloat(layout.JOB_SECOND_CORRECTION, 1 / Math.sqrt(1 - adam.beta2 ** this.step));
    pool.run(layout.KIND_TRAIN);
    return Promise.resolve(
      this.results(layout.TEACHER_LOSS).map((sum, model) => sum / (triplets.length / 3) + penalty[model]),
    );
  }

  /** Computes a batch's loss (penalty included) and fraction of correct triplets, `[models]` each; changes nothing. */
  validate(triplets: Int32Array): Promise<{ loss: Float64Array; metric: Float64Array }> {
    const count = triplets.length / 3;
    const penalty = this.penalty();
    this.submit(triplets);
    this.pool.run(layout.KIND_VALIDATE);
    return Promise.resolve({
      loss: this.results(layout.TEACHER_LOSS).map((sum, model) => sum / count + penalty[model]),
      metric: this.results(layout.TEACHER_CORRECT).map((correct) => correct / count),
    });
  }

  private submit(triplets: Int32Array): void {
    const target = this.pool.ints(this.batch, triplets.length);
    for (let i = 0; i < triplets.length; i++) target[i] = this.rowOf[triplets[i]];
    this.pool.setInt(layout.JOB_COUNT, triplets.length / 3);
  }

  private results(field: number): Float64Array {
    return Float64Array.from(
      { length: this.models },
      (_, model) => this.pool.doubles(this.teachers + model * layout.TEACHER_BYTES + field, 1)[0],
    );
  }

  private penalty(): Float64Array {
    return this.results(layout.TEACHER_L1).map((sum, model) => this.spec.beta * (sum + this.untouchedL1[model]));
  }

  private sumUntouched(table: Float32Array): number {
    const d = this.spec.embeddingSize;
    let sum = 0;
    this.rowOf.forEach((row, item) => {
      if (row < 0) for (let k = item * d; k < (item + 1) * d; k++) sum += Math.abs(table[k]);
    });
    return sum;
  }

  private pointer(model: number, field: number): number {
    return this.pool.ints(this.teachers + model * layout.TEACHER_BYTES + field, 1)[0];
  }

  private load(model: number, field: number, table: Float32Array): void {
    const d = this.spec.embeddingSize;
    const target = this.pool.floats(this.pointer(model, field), this.rows * this.stride);
    this.items.forEach((item, row) => {
      target.set(table.subarray(item * d, (item + 1) * d), row * this.stride);
    });
  }

  private save(model: number, field: number, rest?: Float32Array): NdArray {
    const d = this.spec.embeddingSize;
    const data = rest === undefined ? new Float32Array(this.spec.numItems * d) : rest.slice();
    const source = this.pool.floats(this.pointer(model, field), this.rows * this.stride);
    this.items.forEach((item, row) => {
      data.set(source.subarray(row * this.stride, row * this.stride + d), item * d);
    });
    return { dtype: 'float32', shape: [this.spec.numItems, d], data };
  }

  /** Returns copies of a model's parameters, under the names of the original's checkpoints. */
  parameters(model: number): Record<string, NdArray> {
    return { [WEIGHT]: this.save(model, layout.TEACHER_WEIGHT, this.spec.initial[model]) };
  }

  /** Returns copies of all that training needs to go on: parameters, Adam's moments and step. */
  state(model: number): Record<string, NdArray> {
    return {
      ...this.parameters(model),
      [FIRST_MOMENT]: this.save(model, layout.TEACHER_FIRST),
      [SECOND_MOMENT]: this.save(model, layout.TEACHER_SECOND),
      [STEP]: { dtype: 'int32', shape: [], data: Int32Array.of(this.step) },
    };
  }

  /** Restores a model's state; all models that train together must be at the same step. */
  restore(model: number, state: Readonly<Record<string, NdArray>>): void {
    this.load(model, layout.TEACHER_WEIGHT, state[WEIGHT].data as Float32Array);
    this.load(model, layout.TEACHER_FIRST, state[FIRST_MOMENT].data as Float32Array);
    this.load(model, layout.TEACHER_SECOND, state[SECOND_MOMENT].data as Float32Array);
    this.step = Number(state[STEP].data[0]);
    this.pool.run(layout.KIND_NORMALIZE);
  }

  dispose(): Promise<void> {
    this.pool.close();
    return Promise.resolve();
  }
}
