import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadBackbone } from '../backbones/load.js';
import { sha256 as sha256Of } from '../backbones/weights/stored.js';
import { runName } from '../configuration/model-uri.js';
import { isIndexModel } from '../catalogue/models.js';
import type { TrainingConfiguration } from '../configuration/types.js';
import { labelsDigest } from '../datasets/digests.js';
import { makeDataset } from '../datasets/index.js';
import { chooseEngine } from '../engine/index.js';
import { unknown, UsageError } from '../errors.js';
import { makeFolder } from '../files.js';
import { evaluate } from '../evaluation/index.js';
import { chunksOf, withFileSource } from '../formats/byte-source.js';
import { loadParameters, saveBest } from '../training/runs/checkpoint.js';
import { lockRun, type RunRecord } from '../training/index.js';
import { readRunEvents, writeRunEvents } from '../training/runs/run-events.js';
import { RECORD_FILE, writeRunRecord } from '../training/runs/run-record.js';
import type { ResolvedTable } from './jobs/resolve-table.js';
import { recordOf } from './jobs/result.js';

export interface ImportOptions {
  /** Names of runs, `run-0601`; by default all of the table's that the folder has. */
  readonly runs?: readonly string[];
  /** The software that trained them, for tables: `PyTorch 1.13`. */
  readonly trainedBy?: string;
}

export interface ImportedRun {
  readonly name: string;
  /** `there`: the experiments had it already. */
  readonly outcome: 'imported' | 'there';
  readonly record: RunRecord;
}

const checkpoints = ['checkpoint-best.safetensors', 'checkpoint-best.pth'];

/**
 * Imports runs of a table that were trained elsewhere, such as by the original: `run-NNNN` folders with
 * `checkpoint-best.pth` (or `.safetensors`) and, if they exist, event files in `training/` and `validation/`.
 *
 * From then on they count as the table's own, and records and tables say what trained them. A checkpoint cannot show
 * that it was trained with the table's settings: the user vouches for that. Everything is read before anything is
 * written.
 *
 * @param folder the folder with the folders of runs
 * @throws UsageError where a run is not the table's, is missing, does not fit its network or data, or was begun here
 */
export async function importRuns(
  { table, profile, jobs, folder: experiments }: ResolvedTable,
  folder: string,
  { runs: wanted, trainedBy = 'elsewhere' }: ImportOptions = {},
): Promise<ImportedRun[]> {
  const known = new Map<string, TrainingConfiguration>();
  for (const job of jobs) if (job.kind === 'training') for (const run of job.runs) known.set(runName(run.run.id), run);
  for (const name of wanted ?? []) if (!known.has(name)) throw unknown(`run of ${table.name}`, name, known.keys());
  if (!existsSync(folder)) throw new UsageError(`missing folder: ${folder}; give one that holds run-NNNN folders`);
  const names = wanted ?? readdirSync(folder).filter((name) => known.has(name));
  if (names.length === 0)
    throw new UsageError(`no run of ${table.name} in ${folder}; its runs are named ${[...known.keys()].slice(0, 3).join(', ')}, ...`); // prettier-ignore
  await profile.prepare?.(experiments);
  const all: (ImportedRun & { readonly file?: string })[] = [];
  for (const name of [...names].sort()) {
    const run = known.get(name)!;
    const own = recordOf(run, experiments);
    if (own?.status === 'finished') all.push({ name, outcome: 'there', record: own });
    else if (own !== undefined)
      throw new UsageError(
        `${name} is begun here (${own.status}); remove ${placeOf(run, experiments)} or leave it out`,
      );
    else {
      const file = checkpointOf(join(folder, name));
      all.push({ name, outcome: 'imported', record: await recordFrom(run, file, trainedBy), file });
    }
  }
  for (const { record, file } of all) if (file !== undefined) write(record, file, placeOf(record.configuration, experiments)); // prettier-ignore
  return all.map(({ name, outcome, record }) => ({ name, outcome, record }));
}

const placeOf = ({ run }: TrainingConfiguration, experiments: string): string =>
  join(experiments, run.output_directory_name, runName(run.id));

function checkpointOf(place: string): string {
  const file = checkpoints.map((name) => resolve(place, name)).find((path) => existsSync(path));
  if (file !== undefined) return file;
  throw new UsageError(`missing file: ${join(place, checkpoints[1])}; give a folder of finished runs`);
}

/** Makes the record of a run from its checkpoint, which must fit its network and data, and its event files. */
async function recordFrom(run: TrainingConfiguration, file: string, trainedBy: string): Promise<RunRecord> {
  const dataset = makeDataset(run.dataset);
  const { facts } = dataset;
  const epochs = readRunEvents(dirname(file), run.model.metric_mode);
  const sha256 = withFileSource(file, (source) => sha256Of(chunksOf(source))).slice(0, 12);
  const notes = [`trained by ${trainedBy}: ${file}, sha256 ${sha256}; its settings are taken as configured`];
  let best = bestOf(epochs, run);
  if (!isIndexModel(run.model.name)) await checkNetwork(run, file);
  else {
    const uri = `${run.model.name},embedding_size:${run.model.embedding_size}/${file}`;
    const { metric, value } = await evaluate({ ...run, subset_name: 'validation', model_uri: uri });
    if (best === null) {
      best = { epoch: run.optimization.num_training_epochs, metric, value };
      const anew =
        'adopted without event files: FCT over all validation triplets at once, of an epoch that is not known';
      notes.push(`${runName(run.run.id)} ${anew}`);
    }
  }
  const time = statSync(file).mtime.toISOString();
  return {
    format: 1,
    id: run.run.id,
    name: runName(run.run.id),
    status: 'finished',
    configuration: run,
    seed: run.seed,
    versions: {},
    engine: { name: trainedBy },
    machine: {},
    data: { ...facts, notes: [...facts.notes, ...notes.slice(1)] },
    inputs: { labels: labelsDigest(dataset) },
    notes: [...facts.notes, ...notes],
    started: time,
    updated: time,
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    epochs,
    best,
  };
}

async function checkNetwork({ model, use_gpu, engine }: TrainingConfiguration, file: string): Promise<void> {
  await chooseEngine({ useGpu: use_gpu, engine });
  loadBackbone(model, loadParameters(file), file).dispose();
}

/** Returns the first epoch with the best metric, as training chooses it. */
function bestOf(epochs: RunRecord['epochs'], { model }: TrainingConfiguration): RunRecord['best'] {
  const [metric, direction] = model.metric_mode.split('/');
  let best: RunRecord['best'] = null;
  for (const { epoch, metric: value } of epochs)
    if (best === null || (direction === 'max' ? value > best.value : value < best.value))
      best = { epoch, metric, value };
  return best;
}

function write(record: RunRecord, file: string, place: string): void {
  makeFolder(place);
  const release = lockRun(place, record.name);
  try {
    if (existsSync(join(place, RECORD_FILE)))
      throw new UsageError(`${record.name} was begun here meanwhile; see ${place}, and adopt it again`);
    saveBest(place, loadParameters(file), record.best);
    writeRunEvents(place, record);
    writeRunRecord(place, record);
  } finally {
    release();
  }
}
