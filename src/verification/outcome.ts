/** The outcome of one case of a reference file. */
export interface Outcome {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly detail?: string;
}

/** Checks the content of one reference file. */
export type Checker = (content: unknown, folder: string) => Outcome[] | Promise<Outcome[]>;

export const skipped = (name: string, detail: string): Outcome => ({ name, status: 'skipped', detail });

/** Runs a check, which returns a complaint or undefined, or throws, and returns its outcome. */
export function outcome(name: string, check: () => string | undefined): Outcome {
  let detail: string | undefined;
  try {
    detail = check();
  } catch (error) {
    detail = (error as Error).message;
  }
  return detail === undefined ? { name, status: 'passed' } : { name, status: 'failed', detail };
}

/** Returns a complaint where two values differ in anything. */
export function differs(what: string, actual: unknown, expected: unknown): string | undefined {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  return a === b ? undefined : `${what} is ${a.slice(0, 60)}, expected ${b.slice(0, 60)}`;
}

/** Returns the largest |a - b|; infinite where the lengths differ or a value is NaN. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** The vectors are written with nine decimals: smaller differences do not count. */
const WRITTEN = 1e-8;

/** Returns |a - b| / |b| in the L2 norm; 0 where they agree to the digits written. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let [difference, norm] = [0, 0];
  for (let i = 0; i < actual.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  if (Number.isNaN(difference)) return Infinity;
  return Math.sqrt(difference) <= WRITTEN ? 0 : Math.sqrt(difference / norm);
}
