import { datasets } from '../../catalogue/datasets.js';
import type { DatasetConfiguration, TrainingConfiguration } from '../../configuration/types.js';
import { makeDataset, type ClassDataset, type TripletDataset } from '../../datasets/index.js';
import { MissingInput } from '../../errors.js';
import { repetitionsOf } from '../jobs/make-jobs.js';
import type { Plan, PlannedTraining } from './plan.js';

/**
 * Makes the batches of a plan's trainings as large as its data allow, and says so in the plan's notes.
 *
 * A batch of triplets or classes that the training subset does not fill becomes that subset. A student's batch then has
 * all pictures as it is: its configuration stays. Data that are not on this machine are left to the runs.
 *
 * @throws UsageError where the data cannot be read
 */
export function fitToData(plan: Plan): Plan {
  const notes = new Set(plan.notes);
  const read = reader();
  const fitted = (planned: PlannedTraining): PlannedTraining => {
    const { configuration } = planned;
    const fit = fitOf(configuration, read);
    if (fit === undefined) return planned;
    const { dataset } = configuration;
    const { key, file } = planned.places.of('dataset.batch_size');
    const place = file === undefined ? '' : ` in ${file}`;
    notes.add(`${key} ${dataset.batch_size}${place} is more than the data have: ${fit.words}`);
    if (fit.size === undefined) return planned;
    return { ...planned, configuration: { ...configuration, dataset: { ...dataset, batch_size: fit.size } } };
  };
  const { teachers, students, direct } = plan;
  const trainings = {
    teachers: teachers && fitted(teachers),
    students: students.map(fitted),
    direct: direct.map(fitted),
  };
  return { ...plan, ...trainings, notes: [...notes] };
}

type Reader = (section: DatasetConfiguration) => TripletDataset | ClassDataset | undefined;

/** Returns a reader of data sets that reads each once; undefined for data that are not on this machine. */
function reader(): Reader {
  const known = new Map<string, ReturnType<Reader>>();
  return (section) => {
    const key = JSON.stringify({ ...section, batch_size: 3 });
    if (!known.has(key)) known.set(key, ifHere(section));
    return known.get(key);
  };
}

function ifHere(section: DatasetConfiguration): ReturnType<Reader> {
  try {
    return makeDataset(section);
  } catch (error) {
    if (error instanceof MissingInput) return undefined;
    throw error;
  }
}

/** A smaller batch: its size where the configuration needs it, and its size in words. */
interface Fit {
  readonly size: number | undefined;
  readonly words: string;
}

/** Returns the batch that all repetitions can fill, or undefined where they fill the configured one. */
function fitOf(configuration: TrainingConfiguration, read: Reader): Fit | undefined {
  const { batch_size: wanted, name } = configuration.dataset;
  const sets = repetitionsOf(configuration).flatMap((run) => read(run.dataset) ?? []);
  const ofTriplets = datasets[name].kind.startsWith('triplets');
  const sizes = sets.map((set) =>
    ofTriplets && 'triplets' in set ? set.triplets.training.length : set.instances.training.length,
  );
  const most = Math.min(...sizes);
  if (sizes.length === 0 || most === 0 || most >= wanted) return undefined;
  if (ofTriplets) return { size: most, words: `${most} is taken, ${most / 3} training triplets of three pictures` };
  const ofTeachers = datasets[name].kind === 'source embeddings';
  return { size: ofTeachers ? undefined : most, words: `a batch has all ${most} training pictures` };
}
