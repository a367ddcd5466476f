/** An error whose message is one line for the user: the value, the place and the remedy. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The exit code of the command line. */
  readonly exitCode: number = 1;
}

/** Thrown where something to be read does not exist: data, embeddings, weights. */
export class MissingInput extends UsageError {}

/** Thrown where the user stops the work; what was done is kept, and the same call resumes it. */
export class Interrupted extends UsageError {
  override readonly exitCode = 130;
}

/** Computes the edit distance of Levenshtein: insertions, deletions and substitutions cost 1. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** Returns the candidate nearest to a mistyped name, or undefined where none is similar enough. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const limit = Math.max(2, Math.floor(name.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of candidates) {
    const d = distance(lower, candidate.toLowerCase());
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

/**
 * Makes the error for an unknown name.
 *
 * `unknown loss_type: rdk; did you mean rkd?`, or with no similar name `unknown loss_type: abc; one of: rkd, stmr`.
 */
export function unknown(kind: string, value: string, candidates: Iterable<string>): UsageError {
  const names = [...candidates];
  const near = nearest(value, names);
  return new UsageError(
    `unknown ${kind}: ${value}; ${near === undefined ? `one of: ${names.join(', ')}` : `did you mean ${near}?`}`,
  );
}

/**
 * Refuses members of an object that nobody reads, so that none is ignored.
 *
 * @throws UsageError `unknown option of train: los; did you mean loss?`
 */
export function refuseUnknown(given: object, known: readonly string[], kind: string): void {
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknown(kind, name, known);
}
