import { runName } from '../../configuration/model-uri.js';
import { contentKey } from '../../training/index.js';
import { inputsReader } from '../jobs/job-inputs.js';
import type { EmbeddingsJob, EvaluationJob, Job, StartJob, TrainingJob } from '../jobs/job.js';
import {
  evaluationJob,
  networkTraining,
  repetitionsOf,
  startJob,
  jobsOfTeachers,
  teachersTraining,
} from '../jobs/make-jobs.js';
import type { Plan, PlannedTraining } from './plan.js';
import type { ResultRow } from './results.js';
import type { SettingPlaces } from './setting-places.js';

/** Jobs of a plan that belong together, and their names in the results. */
export interface PlanStep {
  /** `student yummly_se_rkd run-0601`. */
  readonly stage: string;
  /** The route in the results; undefined for jobs without rows there. */
  readonly route?: ResultRow['route'];
  readonly name: string;
  readonly overrides: readonly string[];
  /** Where the settings of its training were written. */
  readonly places?: SettingPlaces;
  /** The jobs, in the order in which they are done. */
  readonly jobs: readonly Job[];
}

/** A network's training and its evaluation. */
interface Network {
  readonly route: 'student' | 'direct';
  readonly planned: PlannedTraining;
  readonly training: TrainingJob;
}

/**
 * Returns all jobs of a plan, in the order in which they are done.
 *
 * Jobs are named by their runs and lie in the plan's folder. The names of evaluations also depend on all their inputs,
 * so that an evaluation on other data is another job.
 *
 * @param base where relative folders start
 * @throws UsageError where the data that networks are evaluated on cannot be read
 */
export async function planSteps(plan: Plan, base: string): Promise<PlanStep[]> {
  const { teachers, evaluation, folder: place, sourceEmbeddingsId: id } = plan;
  const steps: PlanStep[] = [];
  let source: EmbeddingsJob | undefined;
  if (teachers !== undefined) {
    const made = teachersTraining(teachers.name, repetitionsOf(teachers.configuration));
    const training = { ...made, key: runName(made.runs[0].run.id), place };
    source = { ...jobsOfTeachers(id!, training).embeddings, key: id!, place };
    steps.push(
      { ...teachers, stage: `teachers ${teachers.name}`, route: 'teacher', jobs: [training] },
      { stage: `embeddings ${id}`, name: id!, overrides: [], jobs: [source] },
    );
  }
  const networks = networksOf(plan, source);
  const read = inputsReader(base);
  const named = async <Asking extends EvaluationJob | StartJob>(job: Asking, name: string): Promise<Asking> => ({
    ...job,
    key: `${contentKey([job.key, await read(job)])}-${name}`,
    place,
  });
  if (evaluation !== undefined && plan.evaluateFeatures)
    for (const [name, { training }] of pretrainedOf(networks)) {
      const features = startJob(evaluationJob(training, evaluation), 'features');
      const job = await named(features, `features-${name.replace(/[^\w.-]+/g, '-')}`);
      steps.push({ stage: `features ${name}`, route: 'features', name, overrides: [], jobs: [job] });
    }
  for (const { route, planned, training } of networks) {
    const jobs: Job[] = [training];
    if (evaluation !== undefined) {
      const asked = evaluationJob(training, evaluation);
      if (plan.evaluateStart) jobs.push(await named(startJob(asked, 'all'), `${training.key}-start`));
      jobs.push(await named(asked, `${training.key}-best`));
    }
    steps.push({ ...planned, stage: `${route} ${planned.name} ${training.key}`, route, jobs });
  }
  return steps;
}

/** Returns networks in the order of training: all once, then all that repeat a second time, and so on. */
function networksOf({ students, direct, folder: place }: Plan, source: EmbeddingsJob | undefined): Network[] {
  const all = [
    ...students.map((planned) => ({ route: 'student' as const, planned, from: source })),
    ...direct.map((planned) => ({ route: 'direct' as const, planned, from: undefined })),
  ].map((one) => ({ ...one, runs: repetitionsOf(one.planned.configuration) }));
  const most = Math.max(0, ...all.map(({ runs }) => runs.length));
  return Array.from({ length: most }, (_, i) =>
    all
      .filter(({ runs }) => i < runs.length)
      .map(({ route, planned, from, runs }) => {
        const made = networkTraining(planned.name, runs[i], from);
        return { route, planned, training: { ...made, key: runName(runs[i].run.id), place } };
      }),
  ).flat();
}

/** Returns the pretrained networks that trainings start from, each with the first training that uses it. */
function pretrainedOf(networks: readonly Network[]): Map<string, Network> {
  const found = new Map<string, Network>();
  for (const network of networks) {
    const { name, weights = 'default' } = network.training.runs[0].model;
    if (!found.has(`${name}-${weights}`)) found.set(`${name}-${weights}`, network);
  }
  return found;
}
