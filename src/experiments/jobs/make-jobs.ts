import { loadConfiguration, loadTrainingConfiguration } from '../../configuration/load.js';
import { runName } from '../../configuration/model-uri.js';
import { drawOf, repetitionConfiguration } from '../../configuration/repetitions.js';
import type { Configuration, DatasetConfiguration, TrainingConfiguration } from '../../configuration/types.js';
import { ownPartsOf } from '../../training/own-parts-of.js';
import { contentKey, runKey, runSettings } from '../../training/runs/run-settings.js';
import type { NetworkRow, SplitEmbeddings, RepeatedTraining } from '../tables/index.js';
import type {
  CeilingJob,
  EmbeddingsJob,
  EnsembleJob,
  EvaluationJob,
  StartJob,
  TrainingJob,
  MeasuredSubset,
} from './job.js';

/** The folder of saved embeddings, relative to the experiments' folder. */
export const EMBEDDINGS = 'embeddings';

/** Distance between the run numbers of two seeds; the numbers of one seed span less. */
const NEXT_SEED = 2000;

/** Keys of a data set that decide which triplets a subset has. */
const ceilingKeys = new Set(
  ['name', 'version', 'directed', 'num_items', 'num_triplets', 'data_seed', 'answers_per_question'].map(
    (key) => `dataset.${key}`,
  ),
);

const stem = ({ configuration }: RepeatedTraining): string => configuration.replace(/^.*\//, '').replace(/\.yaml$/, '');

/** Names the embeddings of a split in labels: `yummly pt_ste5~0`. */
export const embeddingsName = ({ id, teachers }: SplitEmbeddings): string =>
  `${teachers.configuration.split('/')[1]} ${id}`;

/** Returns the run in a folder that is named by its content. */
function placed(run: TrainingConfiguration): TrainingConfiguration {
  return { ...run, run: { ...run.run, output_directory_name: `runs/${runKey(run)}` } };
}

/** Returns every run of a configuration, in order. */
export function repetitionsOf(configuration: TrainingConfiguration): TrainingConfiguration[] {
  return Array.from({ length: configuration.num_repetitions }, (_, i) => repetitionConfiguration(configuration, i));
}

/** Replaces a data set's folder, for sets that a profile draws. */
function moved<Given extends Configuration>(configuration: Given, root: string | undefined): Given {
  if (root === undefined) return configuration;
  return { ...configuration, dataset: { ...configuration.dataset, raw_data_directory_name: root } };
}

/** Names runs: `yummly_se_rkd run-0111..0115`; with a loss or backbone of one's own `yummly_se_rkd my_loss run-0111`. */
function labelOf(name: string, runs: readonly TrainingConfiguration[]): string {
  const [first, last] = [runName(runs[0].run.id), runName(runs[runs.length - 1].run.id)];
  const own = ownPartsOf(runs[0]).flatMap(({ kind, name: part }) => (/loss|backbone/.test(kind) ? [part] : []));
  return [name, ...own, `${first}${last === first ? '' : `..${last.slice(4)}`}`].join(' ');
}

/** Makes the job of training the teachers of a split together, in folders that are named by their content. */
export function teachersJob(training: RepeatedTraining): TrainingJob {
  const loaded = loadTrainingConfiguration(training.configuration, training.overrides);
  return teachersTraining(stem(training), repetitionsOf(loaded).map(placed));
}

/** Makes the job of training teachers together. */
export function teachersTraining(name: string, runs: readonly TrainingConfiguration[]): TrainingJob {
  const { dataset, model } = runs[0];
  return {
    kind: 'training',
    key: contentKey(['teachers', runs.map(runKey)]),
    stage: 'teachers',
    label: labelOf(name, runs),
    costClass: `${dataset.name} ${model.loss_type} ${model.embedding_size} x ${runs.length}`,
    needs: [],
    runs,
  };
}

/** Makes the two jobs that use teachers, or the first few of them: their embeddings, and their evaluation together. */
export function jobsOfTeachers(
  name: string,
  teachers: TrainingJob,
  first?: number,
): { embeddings: EmbeddingsJob; ensemble: EnsembleJob } {
  const runs = teachers.runs.slice(0, first);
  const keys = runs.map(runKey);
  const common = { stage: 'embeddings' as const, needs: [teachers.key], runs };
  const like = `${runs[0].dataset.name} x ${runs.length}`;
  return {
    embeddings: {
      kind: 'embeddings',
      key: contentKey(['embeddings', keys]),
      label: name,
      costClass: `embeddings ${like}`,
      ...common,
    },
    ensemble: {
      kind: 'ensemble',
      key: contentKey(['ensemble', keys]),
      label: `${name}, asked together`,
      costClass: `ensemble ${like}`,
      ...common,
    },
  };
}

/** Makes a network's training and evaluation, for each repetition with each seed. */
export function networkJobs(
  row: NetworkRow,
  embeddings: readonly EmbeddingsJob[],
  root?: string,
): { training: TrainingJob; evaluation: EvaluationJob; embeddings: EmbeddingsJob | undefined }[] {
  if (row.seeds !== undefined) {
    const { seeds, training, ...rest } = row;
    return seeds.flatMap((seed) => {
      const { run } = loadTrainingConfiguration(training.configuration, training.overrides);
      // runs of different seeds need different names; what they draw depends on the same draw number, and on the seed
      const own = [`seed=${seed}`, `run.id=${run.id + NEXT_SEED * seed}`, `run.draw=${drawOf(run)}`];
      const seeded = { ...training, overrides: [...training.overrides, ...own] };
      return networkJobs({ ...rest, training: seeded }, embeddings, root);
    });
  }
  const loaded = loadTrainingConfiguration(row.training.configuration, row.training.overrides);
  return repetitionsOf(moved(loaded, root)).map((repetition, i) => {
    const source = embeddings.length > 1 ? embeddings[i] : embeddings.at(0);
    const run = placed(source === undefined ? repetition : learningFrom(repetition, source.key));
    const training = networkTraining(stem(row.training), run, source);
    return { training, evaluation: evaluationJob(training, evaluationOf(row, run, root)), embeddings: source };
  });
}

/** Makes a network's training job; where it learns from teachers, their embeddings must be saved first. */
export function networkTraining(name: string, run: TrainingConfiguration, source?: EmbeddingsJob): TrainingJob {
  return {
    kind: 'training',
    key: contentKey(['network', runKey(run)]),
    stage: 'networks',
    label: `${labelOf(name, [run])}${run.seed === 0 ? '' : `, seed ${run.seed}`}`,
    costClass: `${run.model.name} ${run.dataset.name} ${run.model.loss_type}`,
    needs: source === undefined ? [] : [source.key],
    runs: [run],
  };
}

function learningFrom(run: TrainingConfiguration, id: string): TrainingConfiguration {
  return { ...run, dataset: { ...run.dataset, data_directory_name: EMBEDDINGS, source_embeddings_id: id } };
}

/** Returns the evaluation of a run, as its row asks for it. */
function evaluationOf({ evaluation }: NetworkRow, run: TrainingConfiguration, root?: string): Configuration {
  const loaded = loadConfiguration(evaluation.configuration, evaluation.overrides);
  const [, split = ''] = /(~\d+)$/.exec(run.dataset.version) ?? [];
  const { dataset } = moved(loaded, root);
  return {
    ...loaded,
    dataset: { ...dataset, version: `${dataset.version}${split}` },
    preprocessing: run.preprocessing,
    use_gpu: run.use_gpu,
    engine: run.engine,
    ...(run.precision && { precision: run.precision }),
  };
}

/** Makes the job that evaluates the best checkpoint of a network's run. */
export function evaluationJob(training: TrainingJob, evaluation: Configuration): EvaluationJob {
  const [run] = training.runs;
  const settings = [...runSettings(evaluation)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    kind: 'evaluation',
    key: contentKey(['evaluation', runKey(run), settings]),
    stage: 'evaluation',
    label: `${training.label}, evaluated`,
    costClass: `evaluation ${run.model.name} ${evaluation.dataset.name}`,
    needs: [training.key],
    run,
    evaluation,
  };
}

/** Makes the same evaluation of a network before its training; runs that start alike share the job. */
export function startJob({ run, evaluation, label }: EvaluationJob, part: StartJob['part']): StartJob {
  const { name, weights, embedding_size } = run.model;
  const settings = [...runSettings(evaluation)].sort(([a], [b]) => (a < b ? -1 : 1));
  const drawn = part === 'all' ? [embedding_size, run.seed, drawOf(run.run)] : [];
  return {
    kind: 'start',
    part,
    key: contentKey(['start', part, name, weights ?? null, ...drawn, settings]),
    stage: 'evaluation',
    label: part === 'features' ? `${name}, features, ${evaluation.dataset.version}` : `${label} at its start`,
    costClass: `evaluation ${name} ${evaluation.dataset.name}`,
    needs: [],
    run,
    evaluation,
  };
}

/** Makes the job that estimates the ceiling of the triplets that rows are measured on. */
export function ceilingJob(dataset: DatasetConfiguration, subset: MeasuredSubset): CeilingJob {
  const settings = [...runSettings({ dataset })].filter(([key]) => ceilingKeys.has(key));
  return {
    kind: 'ceiling',
    key: contentKey(['ceiling', subset, settings.sort(([a], [b]) => (a < b ? -1 : 1))]),
    stage: 'evaluation',
    label: `${dataset.name} ${dataset.version}, ${subset}, ceiling`,
    costClass: `ceiling ${dataset.name}`,
    needs: [],
    dataset,
    subset,
  };
}
