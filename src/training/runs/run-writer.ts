import { metricNote } from '../../configuration/notes.js';
import type { Engine } from '../../engine/types.js';
import { missingBest, saveBest, saveLast } from './checkpoint.js';
import type { InputsHere } from '../input-digests.js';
import type { NamedArrays } from '../learner.js';
import type { ModelProgress } from '../loop.js';
import { ownPartsOf } from '../own-parts-of.js';
import { checkInputs } from './resume.js';
import { writeRunEvents } from './run-events.js';
import type { RunFolder } from './run-folder.js';
import { confirmLock } from './run-lock.js';
import { machine, versions, writeRunRecord, type RunRecord } from './run-record.js';

/** Writes the files of a run: checkpoints, `run.json` and TensorBoard's event files. */
export class RunWriter {
  readonly record: RunRecord;

  constructor(
    private readonly run: RunFolder,
    read: InputsHere,
    engine: Engine,
    private readonly progress: ModelProgress,
    private readonly learner: { state(): NamedArrays; notes(): readonly string[] },
  ) {
    const { configuration, record } = run;
    const { name, backend, version, device, gpu, threads, precision, skipped } = engine;
    const { facts } = read;
    const parts = ownPartsOf(configuration);
    const notes = [...facts.notes];
    const doubt = checkInputs(run, read);
    if (doubt !== undefined) notes.push(doubt);
    const ofMetric = metricNote(configuration);
    if (ofMetric !== undefined) notes.push(ofMetric);
    if (configuration.use_gpu && !gpu) notes.push(`use_gpu is true but no GPU engine works here: computed on ${name}`);
    if (record !== undefined) notes.push(...record.notes.filter((note) => !notes.includes(note)));
    this.record = {
      format: 1,
      id: configuration.run.id,
      name: run.name,
      status: 'running',
      configuration,
      seed: configuration.seed,
      versions: versions(engine),
      engine: { name, backend, version, device, gpu, threads, precision, tried: skipped },
      machine: machine(),
      data: facts,
      inputs: { ...record?.inputs, ...read.inputs },
      ...(parts.length > 0 ? { parts } : {}),
      notes,
      started: record?.started ?? new Date().toISOString(),
      updated: new Date().toISOString(),
      seconds: 0,
      epochs: [],
      best: null,
    };
    this.update();
  }

  /** Writes the record for the first time, which makes the folder a run's. */
  begin(): void {
    if (this.progress.position.epochs.length > 0 || this.progress.position.batch > 0)
      this.record.notes.push(`resumed after epoch ${this.progress.position.epoch}`);
    writeRunRecord(this.run.folder, this.record);
  }

  /** Updates the record in memory to the model's position. */
  update(): void {
    const { epochs, best, seconds } = this.progress.position;
    this.record.epochs = epochs;
    this.record.best = best;
    this.keepNotes();
    this.record.seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, seconds);
  }

  /** Adds the learner's notes; one that begins like an earlier note replaces it, such as a count that has grown. */
  private keepNotes(): void {
    for (const note of this.learner.notes()) {
      const topic = note.split(':', 1)[0];
      this.record.notes = [...this.record.notes.filter((other) => other.split(':', 1)[0] !== topic), note];
    }
  }

  /**
   * Writes all files, in an order such that a crash between two of them leaves a run that resumes exactly.
   *
   * @throws UsageError where the folder, or the best checkpoint, was removed meanwhile
   */
  checkpoint(): void {
    const { folder, name } = this.run;
    confirmLock(folder, name);
    const { best, position, failure } = this.progress;
    this.update();
    if (best !== undefined && position.best !== null) {
      saveBest(folder, best, position.best);
      delete this.progress.best;
    }
    const missing = missingBest(folder, position.best);
    if (missing !== undefined) throw missing;
    // a model that diverged keeps its last checkpoint with finite numbers
    if (failure === undefined) saveLast(folder, this.learner.state(), position);
    writeRunEvents(folder, this.record);
    writeRunRecord(folder, this.record);
  }

  finish(end: 'finished' | 'aborted'): void {
    const { failure } = this.progress;
    if (failure !== undefined) this.record.reason = failure;
    this.record.status = failure !== undefined ? 'failed' : end === 'aborted' ? 'interrupted' : 'finished';
    this.checkpoint();
  }
}
