import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { fileBytes } from '../formats/file-bytes.js';
import { decodeSafetensors, encodeSafetensors } from '../formats/safetensors.js';
import { readTorch } from '../formats/torch-file.js';
import type { NamedArrays } from './learner.js';
import type { EpochRecord, RunRecord } from './run-record.js';

export const BEST_FILE = 'checkpoint-best.safetensors';
export const LAST_FILE = 'checkpoint-last.safetensors';

const RANDOM = 'sampler.random';

/** Where a run stands: between two batches. */
export interface Position {
  /** Epochs behind us. */
  epoch: number;
  /** Batches of the present epoch behind us, and the sum of their losses. */
  batch: number;
  lossSum: number;
  /** Seconds spent in the present epoch so far. */
  seconds: number;
  epochs: EpochRecord[];
  best: RunRecord['best'];
  /** The sampler's generator as the present epoch found it: its order is drawn from it again. */
  random: Uint32Array;
}

/** The parameters at the best metric so far, as PyTorch would name them. */
export function saveBest(folder: string, parameters: NamedArrays, best: RunRecord['best']): void {
  const facts = best && { epoch: String(best.epoch), metric: best.metric, value: String(best.value) };
  const metadata = { format: 'pt', ...facts };
  writeFileAtomic(join(folder, BEST_FILE), ...encodeSafetensors(Object.entries(parameters), metadata));
}

/** The error for a run whose checkpoint at its best metric is gone: no network can be had of it. */
export function missingBest(folder: string, best: RunRecord['best']): UsageError | undefined {
  const file = join(folder, BEST_FILE);
  if (best === null || existsSync(file)) return undefined;
  return new UsageError(`missing file: ${file}, the run's best; put it back, or remove ${folder} and train again`);
}

/** All that an exact resume needs: the learner's state and the position. */
export function saveLast(folder: string, state: NamedArrays, position: Position): void {
  const { random, ...rest } = position;
  const tensors = { ...state, [RANDOM]: { dtype: 'uint32' as const, shape: [random.length], data: random } };
  const metadata = { format: 'pt', position: JSON.stringify(rest) };
  writeFileAtomic(join(folder, LAST_FILE), ...encodeSafetensors(Object.entries(tensors), metadata));
}

/** The last checkpoint, or undefined where the run had none yet. */
export function loadLast(folder: string): { readonly state: NamedArrays; readonly position: Position } | undefined {
  const file = join(folder, LAST_FILE);
  if (!existsSync(file)) return undefined;
  const { tensors, metadata } = decodeSafetensors(fileBytes(file), file);
  const random = tensors.get(RANDOM);
  if (random === undefined || metadata['position'] === undefined)
    throw new UsageError(`invalid checkpoint: ${file} has no position; remove the run's folder and train again`);
  tensors.delete(RANDOM);
  const position = {
    ...(JSON.parse(metadata['position']) as Omit<Position, 'random'>),
    random: random.data as Uint32Array,
  };
  return { state: Object.fromEntries(tensors), position };
}

/**
 * The parameters of a checkpoint file: ours, or a `.pth` of `torch.save(model.state_dict())`.
 *
 * @throws UsageError where it is missing or damaged; nothing in a `.pth` is ever run
 */
export function loadParameters(file: string): NamedArrays {
  if (!existsSync(file)) throw new UsageError(`missing file: ${file}; train the run first, or correct the path`);
  if (/\.(pth|pt|bin)$/i.test(file)) return Object.fromEntries(readTorch(file));
  return Object.fromEntries(decodeSafetensors(fileBytes(file), file).tensors);
}
