import * as tf from '../tf.js';
import type { Supervision as Kind } from '../catalogue/loss-declaration.js';
import type { LossParameterValues } from '../catalogue/loss-parameters.js';
import { chooseEngine } from '../engine/index.js';
import { refuseUnknown } from '../errors.js';
import { RandomStream } from '../random/stream.js';
import type { Supervision } from './embedding-loss.js';
import { anySupervision, explainGradient, unitRows } from './probe-batch.js';
import { register, type OwnLoss } from './own-loss.js';
import { tensorLoss } from './make-loss.js';

export interface CheckOptions {
  /** Rows of a batch; of triplets a multiple of 3 (default 12). */
  readonly rows?: number;
  /** Numbers of an embedding (default 8). */
  readonly size?: number;
  /** Values of the parameters that the loss declares. */
  readonly parameters?: Partial<LossParameterValues>;
}

/** Is what a check of a loss found. */
export interface LossCheck {
  /** What must be mended, a line each; none: the loss can be trained. */
  readonly problems: readonly string[];
  /** What may be meant, a line each. */
  readonly notes: readonly string[];
}

const defaults = { rows: 12, size: 8, parameters: {} };
const STEP = 1e-2;
/** How far the derivative may be from the difference quotient, as a share; float32 gives some 1e-3. */
const TOLERANCE = 0.02;

interface Batch {
  readonly rows: Float32Array;
  readonly given: Supervision;
}

/**
 * Tests a loss of one's own on random and odd batches, before it is trained. It computes on the processor.
 *
 * It must be a finite scalar whose gradient is that of finite differences, the same twice, on ordinary batches and on
 * odd ones (all rows equal, rows twice, one class), and must keep no tensors. Whether it changes when all rows are
 * rotated, or come in another order, is noted: most losses do not.
 *
 * @throws UsageError where the loss is not of its type
 */
export async function check(own: OwnLoss, options: CheckOptions = {}): Promise<LossCheck> {
  refuseUnknown(options, Object.keys(defaults), 'option of check');
  const { rows: n, size: d, parameters } = { ...defaults, ...options };
  register(own);
  await chooseEngine({ useGpu: false });
  const [problems, notes]: [string[], string[]] = [[], []];
  const stream = new RandomStream(0, 'check');
  const loss = tensorLoss(own.name, parameters, true, new RandomStream(0, 'check', 'loss'));
  const start = loss.state();
  const at = ({ rows, given }: Batch): { value: number; gradient: Float32Array } => {
    loss.restore(start);
    return loss.valueAndGradient(rows, n, d, given);
  };
  const usual: Batch = { rows: unitRows(stream, n, d), given: supervision(own.supervision, stream, n, d) };
  try {
    at(usual);
    const before = tf.memory().numTensors;
    const { value, gradient } = at(usual);
    const kept = tf.memory().numTensors - before;
    if (kept > 0) problems.push(`it keeps ${kept} tensors at each call; wrap their making in tf.tidy`);
    if (at(usual).value !== value) problems.push('it gives another value for the same batch; draw from context.random');
    problems.push(...wrongNumbers('a random batch', value, gradient), ...wrongSlope(at, usual, gradient, stream));
    for (const [name, batch] of oddBatches(usual, n, d)) {
      const found = at(batch);
      problems.push(...wrongNumbers(name, found.value, found.gradient));
    }
    const differs = (batch: Batch): boolean => Math.abs(at(batch).value - value) > 1e-4 * Math.max(1, Math.abs(value));
    if (differs({ ...usual, rows: rotated(usual.rows, d, stream) }))
      notes.push('it changes when all rows are rotated alike');
    if (differs(reordered(usual, n, d))) notes.push('it changes with the order of the batch');
    if (gradient.every((one) => one === 0)) notes.push('its gradient is 0 on a random batch: nothing would be learned');
  } catch (error) {
    const { message } = error as Error;
    const said = explainGradient(error as Error);
    problems.push(said === message ? message : `it has no gradient: ${said}`);
  }
  return { problems, notes };
}

function wrongNumbers(where: string, value: number, gradient: Float32Array): string[] {
  const broken = gradient.findIndex((one) => !Number.isFinite(one));
  return [
    ...(Number.isFinite(value) ? [] : [`it is ${value} on ${where}; guard divisions, logarithms and roots`]),
    ...(broken < 0 ? [] : [`its gradient has ${gradient[broken]} on ${where}; guard divisions, logarithms and roots`]),
  ];
}

/** Compares the gradient with differences of the value along three random directions. */
function wrongSlope(
  at: (batch: Batch) => { value: number },
  { rows, given }: Batch,
  gradient: Float32Array,
  stream: RandomStream,
): string[] {
  const scale = Math.hypot(...gradient);
  for (let trial = 0; trial < 3; trial++) {
    const direction = new Float32Array(rows.length);
    stream.fillNormal(direction, 0, 1 / Math.sqrt(rows.length));
    const value = (step: number) => at({ rows: rows.map((one, i) => one + step * direction[i]), given }).value;
    const difference = (value(STEP) - value(-STEP)) / (2 * STEP);
    const slope = gradient.reduce((sum, one, i) => sum + one * direction[i], 0);
    if (!(Math.abs(slope - difference) <= TOLERANCE * Math.max(scale, Math.abs(difference), 1e-3)))
      return [
        `its gradient is wrong: along a random direction ${slope.toPrecision(4)}, by finite differences ${difference.toPrecision(4)}`,
      ];
  }
  return [];
}

/** Draws what a loss of this kind compares n rows with, and no other kind. */
function supervision(kind: Kind, stream: RandomStream, n: number, d: number): Supervision {
  const { triplets, directed, classes, teachers } = anySupervision(stream, n, d);
  return { triplets: { triplets, directed }, classes: { classes }, teachers: { teachers } }[kind];
}

/** Batches that come up in training now and then. */
function oddBatches({ rows, given }: Batch, n: number, d: number): [string, Batch][] {
  const equal = Float32Array.from({ length: n * d }, (_, i) => rows[i % d]);
  const twice = rows.map((one, i) => (i < 3 * d ? rows[i % d] : one));
  const { classes } = given;
  return [
    ['a batch of equal rows', { rows: equal, given }],
    ['a batch with a row three times', { rows: twice, given }],
    ...(classes === undefined
      ? []
      : ([
          ['a batch of one class', { rows, given: { classes: classes.map(() => 1) } }],
          ['a batch of classes with one row each', { rows, given: { classes: classes.map((_, i) => i + 1) } }],
        ] as [string, Batch][])),
    ...(given.teachers === undefined
      ? []
      : ([
          [
            'a batch whose teachers find all rows equal',
            { rows, given: { teachers: { ...given.teachers, data: given.teachers.data.map((_, i) => rows[i % d]) } } },
          ],
        ] as [string, Batch][])),
  ];
}

/** Rotates all rows by one random orthogonal matrix: a product of Householder reflections. */
function rotated(rows: Float32Array, d: number, stream: RandomStream): Float32Array {
  const out = rows.slice();
  for (let reflection = 0; reflection < d; reflection++) {
    const axis = unitRows(stream, 1, d);
    for (let i = 0; i < out.length; i += d) {
      let dot = 0;
      for (let k = 0; k < d; k++) dot += out[i + k] * axis[k];
      for (let k = 0; k < d; k++) out[i + k] -= 2 * dot * axis[k];
    }
  }
  return out;
}

/** Puts the last three rows, with what supervises them, first. */
function reordered({ rows, given }: Batch, n: number, d: number): Batch {
  const turn = <Values extends Float32Array | Int32Array>(values: Values, width: number): Values => {
    const out = values.slice() as Values;
    out.set(values.subarray((n - 3) * width), 0);
    out.set(values.subarray(0, (n - 3) * width), 3 * width);
    return out;
  };
  const { classes, teachers } = given;
  return {
    rows: turn(rows, d),
    given: {
      ...given,
      ...(classes === undefined ? {} : { classes: turn(classes, 1) }),
      ...(teachers === undefined ? {} : { teachers: { ...teachers, data: turn(teachers.data, teachers.count * d) } }),
    },
  };
}
