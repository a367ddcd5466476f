import * as tf from '../tf.js';
import { unknown } from '../errors.js';
import { optimizers } from '../optimizers/index.js';
import { largestDifference, outcome, type Checker } from './outcome.js';

interface OptimizerCase {
  readonly optimizer: string;
  readonly lr: number;
  readonly weight_decay: number;
  readonly initial: number[][];
  readonly gradients: number[][][];
  /** The parameters after each step. */
  readonly parameters: number[][][];
}

const tolerance = 1e-6;

/** Checks the parameters after steps of the optimizers on given gradients. */
export const checkOptimizers: Checker = (content) =>
  (content as OptimizerCase[]).map((golden) => outcome(golden.optimizer, () => complaint(golden)));

function complaint(golden: OptimizerCase): string | undefined {
  if (!Object.hasOwn(optimizers, golden.optimizer))
    throw unknown('optimizer_type', golden.optimizer, Object.keys(optimizers));
  const variable = tf.tidy(() => tf.variable(tf.tensor2d(golden.initial)));
  const parameter = { name: 'parameter', variable: variable as tf.Variable, weightDecay: golden.weight_decay };
  const make = optimizers[golden.optimizer as keyof typeof optimizers];
  const optimizer = make([parameter], { learningRate: golden.lr });
  try {
    for (const [i, gradient] of golden.gradients.entries()) {
      tf.tidy(() => {
        optimizer.step([tf.tensor2d(gradient)]);
      });
      const error = largestDifference(variable.dataSync(), golden.parameters[i].flat());
      if (!(error <= tolerance)) return `parameters are off by ${error.toExponential(1)} after step ${i + 1}`;
    }
    return undefined;
  } finally {
    variable.dispose();
    optimizer.dispose();
  }
}
