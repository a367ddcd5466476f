import { existsSync } from 'node:fs';
import type { TrainingConfiguration } from '../../configuration/types.js';
import { MissingInput } from '../../errors.js';
import type { InputsHere } from '../input-digests.js';
import { checkInputs } from './resume.js';
import type { RunFolder } from './run-folder.js';
import type { RunRecord } from './run-record.js';

/** Separates finished runs from those to train, once it is sure that they were trained on the present data. */
export class FinishedRuns {
  /** Records by folder. */
  readonly records = new Map<string, RunRecord>();
  /** The inputs on this machine, by the settings that they are read with: runs of one command share them. */
  private readonly here = new Map<string, InputsHere | MissingInput>();

  constructor(
    private readonly read: (configuration: TrainingConfiguration) => InputsHere,
    private readonly log: (line: string) => void,
  ) {}

  /**
   * Takes out the finished runs and reports them.
   *
   * @returns the others
   * @throws UsageError where a finished run is on other data, or its data are in the recorded folder but not in the
   *   configured one
   */
  takeFrom(runs: readonly RunFolder[]): RunFolder[] {
    return runs.filter((run) => {
      const { name, folder, record } = run;
      if (record?.status !== 'finished') return true;
      const doubt = this.check(run, record);
      this.log(`${name} is finished already: ${describeBest(record)}`);
      if (doubt !== undefined) this.log(doubt);
      this.records.set(folder, record);
      return false;
    });
  }

  private check(run: RunFolder, { data }: RunRecord): string | undefined {
    const here = this.inputsOf(run.configuration);
    if (!(here instanceof MissingInput)) return checkInputs(run, here);
    if (data.root !== null && existsSync(data.root)) throw here; // the run's data lie elsewhere than the command says
    return `${run.name}: cannot check that it was trained on these data; they are not here (${here.message})`;
  }

  private inputsOf(configuration: TrainingConfiguration): InputsHere | MissingInput {
    const { dataset, preprocessing, model } = configuration;
    const key = JSON.stringify([dataset, preprocessing, model]);
    let found = this.here.get(key);
    if (found === undefined) {
      try {
        found = this.read(configuration);
      } catch (error) {
        if (!(error instanceof MissingInput)) throw error;
        found = error;
      }
      this.here.set(key, found);
    }
    return found;
  }
}

const describeBest = ({ best }: RunRecord): string =>
  best === null ? 'no epoch' : `best ${best.metric} ${best.value.toFixed(4)} at epoch ${best.epoch}`;
