import * as tf from '../tf.js';
import { fused, hasKernel } from '../engine/optional-kernels.js';
import type { Optimizer, Parameter } from './optimizer.js';

export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

const defaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * Makes Adam: m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, w -= lr / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + eps),
 * with g the gradient plus weight decay x w (coupled, as in PyTorch's `Adam`).
 *
 * Kingma, Ba, *Adam: a method for stochastic optimization*, ICLR 2015.
 */
export const adam = (parameters: readonly Parameter[], options: AdamOptions): Optimizer =>
  new MomentOptimizer(parameters, options, false);

/**
 * Makes AdamW, which is Adam with decoupled decay: w is first multiplied by 1 - lr x weight decay.
 *
 * Loshchilov, Hutter, *Decoupled weight decay regularization*, ICLR 2019.
 */
export const adamw = (parameters: readonly Parameter[], options: AdamOptions): Optimizer =>
  new MomentOptimizer(parameters, options, true);

/** The most numbers of parameters that a kernel steps at once, so that old and new ones do not all exist together. */
const GROUP = 2 ** 24;

/** Groups parameters by their indexes. */
function groupsOf(parameters: readonly Parameter[]): number[][] {
  const groups: number[][] = [];
  let numbers = Infinity;
  parameters.forEach(({ variable: { size } }, i) => {
    numbers += size;
    if (numbers <= GROUP) groups.at(-1)!.push(i);
    else {
      groups.push([i]);
      numbers = size;
    }
  });
  return groups;
}

class MomentOptimizer implements Optimizer {
  steps = 0;
  learningRate: number;
  private readonly options: Required<Omit<AdamOptions, 'learningRate'>>;
  private readonly first: tf.Variable[];
  private readonly second: tf.Variable[];
  private readonly groups: readonly number[][];

  constructor(
    private readonly parameters: readonly Parameter[],
    options: AdamOptions,
    private readonly decoupled: boolean,
  ) {
    this.options = { ...defaults, ...options };
    this.learningRate = options.learningRate;
    this.groups = groupsOf(parameters);
    const zeros = ({ variable }: Parameter): tf.Variable =>
      tf.tidy(() => tf.variable(tf.zerosLike(variable) as tf.Tensor, false));
    this.first = parameters.map(zeros);
    this.second = parameters.map(zeros);
  }

  step(gradients: readonly tf.Tensor[]): void {
    this.steps++;
    tf.tidy(() => {
      if (hasKernel('AdamStep')) for (const group of this.groups) this.stepAtOnce(group, gradients);
      else this.stepByOperations(gradients);
    });
  }

  /** Takes the step with one kernel over some parameters. */
  private stepAtOnce(group: readonly number[], gradients: readonly tf.Tensor[]): void {
    const { beta1, beta2, epsilon } = this.options;
    const { learningRate } = this;
    const tensors = group.flatMap((i, at): [string, tf.Tensor][] => [
      [`w${at}`, this.parameters[i].variable],
      [`g${at}`, gradients[i]],
      [`m${at}`, this.first[i]],
      [`v${at}`, this.second[i]],
    ]);
    const decays = group.map((i) => this.parameters[i].weightDecay);
    const { decoupled, steps } = this;
    const attributes = { learningRate, beta1, beta2, epsilon, decays, decoupled, steps };
    tf.tidy(() => {
      fused('AdamStep', Object.fromEntries(tensors), attributes)!.forEach((result, at) => {
        const i = group[Math.floor(at / 3)];
        [this.parameters[i].variable, this.first[i], this.second[i]][at % 3].assign(result);
      });
    });
  }

  private stepByOperations(gradients: readonly tf.Tensor[]): void {
    const { beta1, beta2, epsilon } = this.options;
    const { learningRate } = this;
    const rate = learningRate / (1 - beta1 ** this.steps);
    const correction = 1 / Math.sqrt(1 - beta2 ** this.steps);
    this.parameters.forEach(({ variable, weightDecay }, i) => {
      tf.tidy(() => {
        const decays = weightDecay > 0;
        const gradient = decays && !this.decoupled ? tf.add(gradients[i], tf.mul(variable, weightDecay)) : gradients[i];
        this.first[i].assign(tf.add(tf.mul(this.first[i], beta1), tf.mul(gradient, 1 - beta1)));
        this.second[i].assign(tf.add(tf.mul(this.second[i], beta2), tf.mul(tf.square(gradient), 1 - beta2)));
        const size = tf.add(tf.mul(tf.sqrt(this.second[i]), correction), epsilon);
        const weight = decays && this.decoupled ? tf.mul(variable, 1 - learningRate * weightDecay) : variable;
        variable.assign(tf.sub(weight, tf.mul(tf.div(this.first[i], size), rate)));
      });
    });
  }

  tensors(): tf.NamedTensorMap {
    return Object.fromEntries(
      this.parameters.flatMap(({ name }, i) => [
        [`exp_avg.${name}`, this.first[i]],
        [`exp_avg_sq.${name}`, this.second[i]],
      ]),
    );
  }

  dispose(): void {
    tf.dispose([...this.first, ...this.second]);
  }
}
