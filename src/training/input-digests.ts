import { resolveWeights, type ResolvedWeights } from '../backbones/weights/resolve.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { MissingInput } from '../errors.js';
import type { Task } from './task.js';

/**
 * Identifies by content what a run's numbers depend on beside its settings: 16 hexadecimal digits of a SHA-256 each.
 *
 * `labels`: classes, splits and triplets as parsed; `pictures`: the files; `source_embeddings`: the teachers' values;
 * `weights`: the tensors that the network starts from.
 */
export type Inputs = Readonly<Partial<Record<(typeof kinds)[number], string>>>;

const kinds = ['labels', 'pictures', 'source_embeddings', 'weights'] as const;

/** The inputs on this machine: their digests, and where they lie. */
export type InputsHere = Pick<Task<unknown>, 'inputs' | 'facts'>;

/** Returns the first input that differs between two attempts at a run: `labels: 1f2e there, 3d4c here`. */
export function differingInput(there: Inputs, here: Inputs): string | undefined {
  for (const kind of kinds) {
    const [theirs, ours] = [there[kind], here[kind]];
    if (theirs !== undefined && ours !== undefined && theirs !== ours)
      return `${kind.replace('_', ' ')}: ${theirs} there, ${ours} here`;
  }
  return undefined;
}

/** Returns the weights that a network starts from, or undefined where it has none or they are not on this machine. */
export function startingWeights({ model }: Pick<TrainingConfiguration, 'model'>): ResolvedWeights | undefined {
  try {
    return resolveWeights(model);
  } catch (error) {
    if (error instanceof MissingInput) return undefined; // a resumed run no longer needs them
    throw error;
  }
}
