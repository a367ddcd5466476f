/** Computes the function to minimize, and its gradient, at a point `[n]`. */
export type Objective = (point: Float64Array) => Promise<{ value: number; gradient: Float64Array }>;

export interface LbfgsOptions {
  readonly iterations?: number;
  /** The search stops when a step reduces the value by a smaller share. */
  readonly tolerance?: number;
  /** The number of past steps, with their changes of the gradient, that are remembered. */
  readonly memory?: number;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
}

const defaults = { iterations: 100, tolerance: 1e-5, memory: 8 };
/** A step must reduce the value by this share of what the derivative along it predicts (Armijo). */
const SUFFICIENT = 1e-4;
const MOST_HALVINGS = 20;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Adds t b to a, in place. */
function add(a: Float64Array, t: number, b: Float64Array): Float64Array {
  for (let i = 0; i < a.length; i++) a[i] += t * b[i];
  return a;
}

/** Returns a + t b. */
const moved = (a: Float64Array, t: number, b: Float64Array): Float64Array => add(a.slice(), t, b);

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** Computes minus the estimated inverse Hessian times the gradient (the two-loop recursion). */
function direction(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = new Float64Array(gradient.length);
  add(q, -1, gradient);
  const weights = pairs.map(() => 0);
  for (let i = pairs.length - 1; i >= 0; i--) {
    weights[i] = dot(pairs[i].step, q) / pairs[i].curvature;
    add(q, -weights[i], pairs[i].change);
  }
  const last = pairs.at(-1);
  // without remembered steps, a step has at most length 1
  const scale = last ? last.curvature / dot(last.change, last.change) : 1 / Math.max(1, Math.sqrt(dot(q, q)));
  for (let i = 0; i < q.length; i++) q[i] *= scale;
  pairs.forEach(({ step, change, curvature }, i) => {
    add(q, weights[i] - dot(change, q) / curvature, step);
  });
  return q;
}

/**
 * Minimizes a smooth function by L-BFGS; a step is halved until the value falls enough (Armijo).
 *
 * Source: Nocedal and Wright 2006, "Numerical Optimization", algorithms 7.4 and 7.5.
 */
export async function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions = {}): Promise<Minimum> {
  const { iterations, tolerance, memory } = { ...defaults, ...options };
  let point = start;
  let { value, gradient } = await objective(point);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    let toward = direction(gradient, pairs);
    let slope = dot(toward, gradient);
    if (slope >= 0) {
      pairs.length = 0;
      toward = direction(gradient, pairs);
      slope = dot(toward, gradient);
    }
    let length = 1;
    let next = moved(point, length, toward);
    let found = await objective(next);
    for (let h = 0; !(found.value <= value + SUFFICIENT * length * slope); h++) {
      if (h === MOST_HALVINGS) return { point, value, iterations: iteration };
      length /= 2;
      next = moved(point, length, toward);
      found = await objective(next);
    }
    const step = moved(next, -1, point);
    const change = moved(found.gradient, -1, gradient);
    const curvature = dot(step, change);
    if (curvature > 1e-10 * dot(change, change)) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    const gained = value - found.value;
    [point, value, gradient] = [next, found.value, found.gradient];
    if (gained <= tolerance * Math.abs(value)) return { point, value, iterations: iteration + 1 };
  }
  return { point, value, iterations };
}
