import type { TrainingConfiguration } from '../../configuration/types.js';
import { UsageError } from '../../errors.js';
import type { EnsembleJob, EvaluationJob, Job, TrainingJob } from '../jobs/job.js';
import { embeddingsName, jobsOfTeachers, networkJobs, teachersJob } from '../jobs/make-jobs.js';
import type { SplitEmbeddings, RepeatedTraining, TableRow } from '../tables/index.js';
import type { AblationBase, AblationData } from './base.js';
import { overrideOf, parseSetting, type Setting, type SettingValue, type Trained } from './setting.js';

/** The training of one value on one draw. */
export interface Replicate {
  /** Its jobs, in the order in which they are done. */
  readonly jobs: readonly Job[];
  /** The run that is compared. */
  readonly compared: TrainingConfiguration;
  /** The configurations that the setting may change: the run's, and that of a student's first teacher. */
  readonly configurations: { readonly compared: TrainingConfiguration; readonly teacher?: TrainingConfiguration };
  readonly row: TableRow;
  readonly teachers?: { readonly training: TrainingJob; readonly ensemble: EnsembleJob };
  readonly network?: { readonly training: TrainingJob; readonly evaluation: EvaluationJob };
}

interface Given {
  readonly name: AblationData;
  readonly base: AblationBase;
  readonly train: Trained;
  readonly setting: Setting;
  readonly values: readonly SettingValue[];
  readonly overrides: readonly string[];
}

/** Keys that decide where a run is computed: they hold for teachers and students alike. */
const shared = new Set(['engine', 'use_gpu']);

const add = ({ configuration, overrides }: RepeatedTraining, ...further: string[]): RepeatedTraining => ({
  configuration,
  overrides: [...overrides, ...further],
});

/** Sorts the overrides for all values into those of the students' teachers and those of the compared training. */
function sorted(overrides: readonly string[], train: Trained): { teachers: string[]; compared: string[] } {
  const teachers: string[] = [];
  const compared: string[] = [];
  for (const override of overrides) {
    const at = override.indexOf('=');
    if (at < 0) throw new UsageError(`invalid override: ${override}; write key=value`);
    const { key, ofTeachers } = parseSetting(override.slice(0, at), train);
    const own = `${key}${override.slice(at)}`;
    if (ofTeachers || shared.has(key)) teachers.push(own);
    if (!ofTeachers) compared.push(own);
  }
  return { teachers, compared };
}

/** Returns a function that makes the jobs of a value on draw k; without a value, of the configured one. */
export function drawMaker(given: Given): (k: number, value?: SettingValue) => Replicate {
  const common = sorted(given.overrides, given.train);
  return given.train === 'teachers' ? teacherDraws(given, common.compared) : studentDraws(given, common);
}

function teacherDraws({ name, base, setting }: Given, common: readonly string[]): ReturnType<typeof drawMaker> {
  return (k, value) => {
    const repeated = add(
      base.teachers,
      'optimization.evaluate_globally=true', // one measure for all batch sizes
      ...common,
      ...base.draw(k).teachers,
      'num_repetitions=1',
      ...(value === undefined ? [] : [overrideOf(setting.key, value)]),
    );
    const embeddings: SplitEmbeddings = { id: `draw-${k}`, teachers: repeated };
    const training = labelled(teachersJob(repeated), setting, value, k);
    const { ensemble } = jobsOfTeachers(embeddingsName(embeddings), training);
    const [compared] = training.runs;
    return {
      jobs: [training],
      compared,
      configurations: { compared },
      row: { kind: 'teachers', data: name, name, embeddings: [embeddings] },
      teachers: { training, ensemble },
    };
  };
}

function studentDraws(
  { name, base, setting, values }: Given,
  common: ReturnType<typeof sorted>,
): ReturnType<typeof drawMaker> {
  const counts = setting.ofTeachers && setting.key === 'num_repetitions';
  const most = counts ? Math.max(...values.map(teacherCount)) : 0;
  return (k, value) => {
    const own = value === undefined ? [] : [overrideOf(setting.key, value)];
    const [ofTeachers, ofStudent] = setting.ofTeachers ? [own, []] : [[], own];
    const drawn = base.draw(k);
    const teachers: SplitEmbeddings = {
      id: `draw-${k}`,
      // fewer teachers are the first ones of the largest number
      teachers: add(
        base.teachers,
        ...common.teachers,
        ...drawn.teachers,
        ...(counts && value !== undefined ? [`num_repetitions=${most}`] : ofTeachers),
      ),
      ...(counts && value !== undefined && { first: teacherCount(value) }),
    };
    const theirs = setting.ofTeachers ? value : undefined;
    const taught = labelled(teachersJob(teachers.teachers), setting, counts ? undefined : theirs, k);
    const embeddings = labelled(
      jobsOfTeachers(embeddingsName(teachers), taught, teachers.first).embeddings,
      setting,
      theirs,
      k,
    );
    const row: TableRow = {
      kind: 'networks',
      data: name,
      name,
      embeddings: [teachers],
      training: add(base.student, ...common.compared, ...drawn.student, 'num_repetitions=1', ...ofStudent),
      evaluation: add(base.evaluation, ...drawn.evaluation),
    };
    const [made] = networkJobs(row, [embeddings]);
    const training = labelled(made.training, setting, value, k);
    const evaluation = labelled(made.evaluation, setting, value, k);
    const [compared] = training.runs;
    const teacher = { ...taught.runs[0], num_repetitions: teachers.first ?? taught.runs.length };
    return {
      jobs: [taught, embeddings, training, evaluation],
      compared,
      configurations: { compared, teacher },
      row,
      network: { training, evaluation },
    };
  };
}

function teacherCount(value: SettingValue): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw new UsageError(`invalid teachers.num_repetitions: ${value}; give an integer of at least 1`);
}

/** Returns the job with a label that names draw and value. */
function labelled<Named extends Job>(job: Named, { name }: Setting, value: SettingValue | undefined, k: number): Named {
  return { ...job, label: `draw ${k + 1}${value === undefined ? '' : `, ${name} ${value}`}: ${job.label}` };
}
