/**
 * Decides about resuming: whether a run may go on, and from which state.
 *
 * A finished run does not go on; finished-runs.ts takes it out. Any other goes on from its last checkpoint, if it began
 * with the same settings (`checkSettings`), on the same inputs (`checkInputs`) and on the same engine (`checkEngine`).
 * Where and how fast it runs may change: run-settings.ts lists those keys. loop.ts goes on from the position: it draws
 * the epoch's batches again and leaves out those that are done.
 */
import { isIndexModel } from '../../catalogue/models.js';
import type { Engine } from '../../engine/types.js';
import { UsageError } from '../../errors.js';
import { differingInput, type InputsHere } from '../input-digests.js';
import type { Sampler } from '../loop.js';
import { ownPartsOf } from '../own-parts-of.js';
import { loadLast, type Position } from './checkpoint.js';
import type { RunFolder } from './run-folder.js';
import { runSettings } from './run-settings.js';

type EngineVersion = Pick<Engine, 'name' | 'version'>;

/** A run with the state that it goes on from; without one it begins. */
export interface ResumableRun extends RunFolder {
  readonly last: ReturnType<typeof loadLast>;
}

/**
 * Refuses to resume a run that began with other settings.
 *
 * @throws UsageError `folder F holds another run (seed: 1 there, 2 here); ...`
 */
export function checkSettings({ folder, configuration, record }: RunFolder): void {
  if (record === undefined) return;
  const [theirs, ours] = [runSettings(record.configuration), runSettings(configuration)];
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const [there, here] = [theirs.get(key), ours.get(key)];
    if (there === here) continue;
    const differs = `${key}: ${there ?? 'absent'} there, ${here ?? 'absent'} here`;
    throw new UsageError(`folder ${folder} holds another run (${differs}); choose another run.id or remove the folder`);
  }
}

/**
 * Refuses to resume a run whose parts of one's own had another source.
 *
 * @throws UsageError `folder F holds a run with another loss mine (1f2e there, 3d4c here); ...`
 */
export function checkParts({ folder, configuration, record }: RunFolder): void {
  if (record === undefined) return;
  for (const { kind, name, digest } of ownPartsOf(configuration)) {
    const there = record.parts?.find((part) => part.kind === kind && part.name === name)?.digest ?? 'none';
    if (there !== digest)
      throw new UsageError(
        `folder ${folder} holds a run with another ${kind} ${name} (${there} there, ${digest} here); choose another run.id, or remove the folder`,
      );
  }
}

/**
 * Refuses to resume a run that began on other inputs.
 *
 * @returns a line to log where the record does not name its inputs
 * @throws UsageError `folder F holds a run on other data (labels: 1f2e there, 3d4c here; ...)`
 */
export function checkInputs({ name, folder, record }: RunFolder, { inputs, facts }: InputsHere): string | undefined {
  if (record === undefined) return undefined;
  if (record.inputs === undefined)
    return `${name}: cannot check that it was trained on these data; its record is of an earlier version, which did not keep their checksums`;
  const differs = differingInput(record.inputs, inputs);
  if (differs === undefined) return undefined;
  const [there, here] = [record.data.root, facts.root];
  const roots = there === here || there === null || here === null ? '' : `; ${there} there, ${here} here`;
  throw new UsageError(
    `folder ${folder} holds a run on other data (${differs}${roots}); choose another run.id, give it the data it began with, or remove the folder`,
  );
}

/**
 * Refuses to go on with an image network on another engine, or another version of it: they round differently. Teachers
 * are learned by kernels that are the same on all engines.
 *
 * @throws UsageError `folder F holds a run that was begun on wasm 4.22.0; here it would go on on torch-cpu 2.6.0: ...`
 */
export function checkEngine({ folder, configuration, record, last }: ResumableRun, here: EngineVersion): void {
  if (record === undefined || last === undefined || isIndexModel(configuration.model.name)) return;
  const [there, now] = [record.engine, here].map(({ name, version }) => `${String(name)} ${String(version)}`);
  if (there === now) return;
  const engine = String(record.engine['name']);
  const remedy =
    engine === here.name
      ? 'use the same version (src/engine/README.md says what it depends on)'
      : `set engine=${engine}, or TRIPLETLAB_ENGINE=${engine}`;
  throw new UsageError(
    `folder ${folder} holds a run that was begun on ${there}; here it would go on on ${now}: ${remedy}, choose another run.id, or remove the folder`,
  );
}

/** Loads the state that a run goes on from; this process must hold its lock. */
export const withLastState = (run: RunFolder): ResumableRun => ({
  ...run,
  last: run.record === undefined ? undefined : loadLast(run.folder),
});

/** Returns the position at which a run goes on or begins. */
export const startPosition = ({ last }: ResumableRun, { random }: Pick<Sampler<unknown>, 'random'>): Position =>
  last?.position ?? { epoch: 0, batch: 0, lossSum: 0, seconds: 0, epochs: [], best: null, random: random.state() };

/** Says where a run goes on; undefined where it begins. */
export const resumeNote = ({ name, last }: ResumableRun): string | undefined =>
  last && `${name} goes on after epoch ${last.position.epoch}, batch ${last.position.batch}`;
