import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../errors.js';
import { unwrapped } from '../../backbones/weights/torch-names.js';
import { writeFileAtomic } from '../../files.js';
import { encodeSafetensors, readSafetensors } from '../../formats/safetensors.js';
import { isTorchName, readTorch } from '../../formats/torch/torch-file.js';
import type { NamedArrays } from '../learner.js';
import type { EpochRecord, RunRecord } from './run-record.js';
import { bestSchema, epochsSchema } from './run-record-schema.js';

export const BEST_FILE = 'checkpoint-best.safetensors';
export const LAST_FILE = 'checkpoint-last.safetensors';

const RANDOM = 'sampler.random';

/** The position of a run between two batches. */
export interface Position {
  /** Epochs that are done. */
  epoch: number;
  /** Batches of the present epoch that are done, and the sum of their losses. */
  batch: number;
  lossSum: number;
  /** Seconds spent in the present epoch so far. */
  seconds: number;
  epochs: EpochRecord[];
  best: RunRecord['best'];
  /** The learning rate, if the program that trains has changed it. */
  learningRate?: number;
  /** The sampler's generator at the start of the present epoch; the epoch's order is drawn from it again. */
  random: Uint32Array;
}

const count = z.int().nonnegative();
const positionSchema = z.object({
  epoch: count,
  batch: count,
  lossSum: z.number(),
  seconds: z.number(),
  epochs: epochsSchema,
  best: bestSchema,
  learningRate: z.number().optional(),
});

/** Saves the parameters at the best metric so far, under PyTorch's names. */
export function saveBest(folder: string, parameters: NamedArrays, best: RunRecord['best']): void {
  const facts = best && { epoch: String(best.epoch), metric: best.metric, value: String(best.value) };
  const metadata = { format: 'pt', ...facts };
  writeFileAtomic(join(folder, BEST_FILE), ...encodeSafetensors(Object.entries(parameters), metadata));
}

/** Returns the error for a run whose best checkpoint is gone, since then its network is lost. */
export function missingBest(folder: string, best: RunRecord['best']): UsageError | undefined {
  const file = join(folder, BEST_FILE);
  if (best === null || existsSync(file)) return undefined;
  return new UsageError(`missing file: ${file}, the run's best; put it back, or remove ${folder} and train again`);
}

/** Saves all that an exact resume needs: the learner's state and the position. */
export function saveLast(folder: string, state: NamedArrays, position: Position): void {
  const { random, ...rest } = position;
  const tensors = { ...state, [RANDOM]: { dtype: 'uint32' as const, shape: [random.length], data: random } };
  const metadata = { format: 'pt', position: JSON.stringify(rest) };
  writeFileAtomic(join(folder, LAST_FILE), ...encodeSafetensors(Object.entries(tensors), metadata));
}

/**
 * Loads the last checkpoint; undefined where the run has none yet.
 *
 * @throws UsageError where it is damaged, saying which file to remove
 */
export function loadLast(folder: string): { readonly state: NamedArrays; readonly position: Position } | undefined {
  const file = join(folder, LAST_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const { tensors, metadata } = readSafetensors(file);
    const random = tensors.get(RANDOM);
    const position = positionSchema.safeParse(JSON.parse(metadata['position'] ?? 'null'));
    if (!(random?.data instanceof Uint32Array) || !position.success) throw new SyntaxError('it has no position');
    tensors.delete(RANDOM);
    const rest = position.data as Omit<Position, 'random'>;
    return { state: Object.fromEntries(tensors), position: { ...rest, random: random.data } };
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SyntaxError)) throw error;
    throw new UsageError(`invalid checkpoint: ${file}: it is damaged; remove it, and the run begins anew`, {
      cause: error,
    });
  }
}

/**
 * Loads the parameters of a checkpoint file: one of ours, or a `.pth` of `torch.save(model.state_dict())`, or of a
 * trainer that saved more beside them or used the names of a wrapper (`module.`, `_orig_mod.`).
 *
 * @throws UsageError where it is missing or damaged; code in a `.pth` is never run
 */
export function loadParameters(file: string): NamedArrays {
  if (!existsSync(file)) throw new UsageError(`missing file: ${file}; train the run first, or correct the path`);
  if (isTorchName(file)) return Object.fromEntries(unwrapped(readTorch(file)));
  return Object.fromEntries(readSafetensors(file).tensors);
}
