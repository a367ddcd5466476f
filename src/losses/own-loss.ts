import * as tf from '../tf.js';
import type { Supervision } from '../catalogue/loss-declaration.js';
import type { LossParameter, LossParameterValues } from '../catalogue/loss-parameters.js';
import { losses } from '../catalogue/losses.js';
import { isNameOf } from '../catalogue/names.js';
import { registerPart } from '../catalogue/own-parts.js';
import { refuseUnknown, UsageError } from '../errors.js';
import type { RandomStream } from '../random/stream.js';
import { classLosses, distillationLosses, tripletLosses } from './registries.js';

/** Holds what a loss of one's own compares a batch's rows with; it has what the data set gives. */
export interface LossSupervision {
  /** Of labelled triplets: is the first of three rows the anchor? Otherwise the last one is the odd one out. */
  readonly directed: boolean;
  /** `[n]`: the classes of the rows; of losses on classes. */
  readonly classes: Int32Array;
  /** `[n, T, size] float32`: T teachers' embeddings of the rows, which get no gradient; of losses from teachers. */
  readonly teachers: tf.Tensor3D;
}

/** Holds what a loss of one's own can use beside the batch. */
export interface LossContext {
  /** The parameters that the loss declares, with their values in the configuration. */
  readonly parameters: Partial<LossParameterValues>;
  /** What random numbers are drawn from, so that a resumed run draws the same; none of losses on triplets. */
  readonly random: RandomStream | undefined;
}

/**
 * Computes a loss from the embeddings of a batch.
 *
 * @param embeddings `[n, d] float32`, L2-normalised rows; of triplets, the three items of one in consecutive rows
 * @returns a scalar that follows from the embeddings by tensor operations, so that it has a gradient
 */
export type LossFunction = (embeddings: tf.Tensor2D, supervision: LossSupervision, context: LossContext) => tf.Tensor;

/** Describes a loss of one's own. */
export interface OwnLoss {
  /** Its `loss_type`. */
  readonly name: string;
  readonly supervision: Supervision;
  readonly loss: LossFunction;
  /** The keys of the `model` section that it needs, such as `margin` (default: none). */
  readonly parameters?: readonly LossParameter[];
  /** Set if it takes rows of any length, as the teacher `Ordinal` gives them. */
  readonly anyScale?: true;
}

/**
 * Registers a loss of one's own, which configurations then name as `model.loss_type`.
 *
 * It is computed by tensor operations on every engine. `losses.check` tests it.
 *
 * @throws UsageError for a name that a built-in loss has
 */
export function register(own: OwnLoss): void {
  const { name, supervision, parameters = [], anyScale } = own;
  refuseUnknown(own, ['name', 'supervision', 'loss', 'parameters', 'anyScale'], `member of loss ${name}`);
  if (typeof own.loss !== 'function' || own.loss.constructor.name === 'AsyncFunction')
    throw new UsageError(`invalid loss ${name}: its member loss must be a function that is not async`);
  const declaration = {
    supervision,
    ...(anyScale ? { anyScale } : {}),
    parameters: Object.fromEntries(parameters.map((key) => [key, { required: true }])),
    paper: 'your own',
  };
  const registries = { triplets: tripletLosses, classes: classLosses, teachers: distillationLosses };
  if (!isNameOf(registries, supervision))
    throw new UsageError(`invalid supervision of loss ${name}: ${String(supervision)}; triplets, classes or teachers`);
  registerPart('loss', name, own, [
    [losses, declaration],
    [registries[supervision], makers[supervision](own)],
  ]);
}

/** Makes, for each supervision, what its registry holds. */
const makers = {
  triplets: (own) => (given, directed: boolean) => (embeddings: tf.Tensor) => {
    const one = (rows: tf.Tensor2D) => compute(own, rows, { directed }, contextOf(own, given, undefined));
    if (embeddings.rank === 2) return one(embeddings as tf.Tensor2D);
    // several tables of teachers: a loss of each
    return tf.tidy(() => tf.stack(tables(embeddings as tf.Tensor3D).map(one)));
  },
  classes: (own) => (given, stream: RandomStream | undefined) => (embeddings: tf.Tensor2D, classes: Int32Array) =>
    compute(own, embeddings, { classes }, contextOf(own, given, stream)),
  teachers: (own) => (given, stream: RandomStream | undefined) => (embeddings: tf.Tensor2D, teachers: tf.Tensor3D) =>
    compute(own, embeddings, { teachers }, contextOf(own, given, stream)),
} satisfies Record<Supervision, (own: OwnLoss) => (given: Parameters<typeof contextOf>[1], besides: never) => unknown>;

/** Divides the rows of several tables `[T, n, d]`; TensorFlow.js has no gradient for `unstack` of one. */
const tables = (rows: tf.Tensor3D): tf.Tensor2D[] =>
  rows.shape[0] === 1 ? [tf.reshape(rows, [rows.shape[1], rows.shape[2]])] : (tf.unstack(rows) as tf.Tensor2D[]);

const contextOf = (
  { parameters = [] }: OwnLoss,
  given: Partial<LossParameterValues>,
  random: RandomStream | undefined,
): LossContext => ({ parameters: Object.fromEntries(parameters.map((key) => [key, given[key]])), random });

/** Calls the function. @throws UsageError where it returns no scalar, or reads supervision that it has not declared */
function compute(
  { name, supervision, loss }: OwnLoss,
  embeddings: tf.Tensor2D,
  given: Partial<LossSupervision>,
  context: LossContext,
): tf.Scalar {
  const all = new Proxy(given, {
    get: (target, key) => {
      if (key in target || typeof key === 'symbol') return target[key as keyof LossSupervision];
      throw new UsageError(`loss ${name} reads ${key}, but its supervision is ${supervision}`);
    },
  });
  const value: unknown = tf.tidy(() => loss(embeddings, all as LossSupervision, context));
  if (!(value instanceof tf.Tensor) || value.size !== 1)
    throw new UsageError(
      `loss ${name} returned ${describe(value)}; return a scalar tensor, such as tf.mean of a loss of each row`,
    );
  return value.rank === 0 ? (value as tf.Scalar) : tf.reshape(value, []);
}

function describe(value: unknown): string {
  if (value instanceof tf.Tensor) return `a tensor of shape [${value.shape.join(', ')}]`;
  return typeof value === 'number' ? `the number ${value}, which has no gradient` : String(value);
}
