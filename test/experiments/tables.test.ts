import test from 'ava';
import { readFileSync } from 'node:fs';
import { loadTrainingConfiguration, repetitionConfiguration } from '../../src/configuration/index.js';
import { parseModelUri, expandRunRange, runName } from '../../src/configuration/model-uri.js';
import type { TrainingConfiguration } from '../../src/configuration/types.js';
import { loadTable, tables } from '../../src/experiments/index.js';
import type { EmbeddingsJob, EvaluationJob, Job } from '../../src/experiments/jobs/job.js';
import { runSettings } from '../../src/training/index.js';

/** The original's 216 command lines, as `COMMAND CONFIGURATION key=value ...`. */
const lines = (JSON.parse(readFileSync('test/experiments/command-lines.json', 'utf8')) as string[]).map((line) => {
  const [command, file, ...overrides] = line.split(' ');
  return { command, file: file.replace(/\.yam$/, '.yaml'), overrides };
});

/** What the plans mend in a training's overrides; see the method's list of slips. */
function mendTraining(overrides: readonly string[], at: number): string[] {
  return overrides.map((override) => {
    if (/^run\.id=[24]75$/.test(override)) return override.replace('75', '76');
    if (override === 'source_embeddings_id=pt_ste2_e1024') return 'dataset.source_embeddings_id=pt_ste5_e1024';
    if (override.startsWith('source_embeddings_id=')) return `dataset.${override}`;
    if (override !== 'dataset.version=direct~0' || !overrides.includes('model.embedding_size=1024'))
      return override.replace('dataset.version=direct~', 'dataset.version=psycho~');
    const first = Number(/\d+/.exec(lines[at].overrides.find((one) => one.startsWith('run.id='))!)![0]);
    return `dataset.version=psycho~${(first - 946) / 5}`;
  });
}

const plannedRuns: TrainingConfiguration[] = lines.flatMap(({ command, file, overrides }, at) => {
  if (command !== 'train') return [];
  const configuration = loadTrainingConfiguration(`configurations/${file}`, mendTraining(overrides, at));
  return Array.from({ length: configuration.num_repetitions }, (_, i) => repetitionConfiguration(configuration, i));
});

const resolved = tables.map(({ name }) => loadTable(name));
const jobs = new Map<string, Job>(resolved.flatMap((table) => table.jobs.map((job) => [job.key, job])));
const jobsOf = <Kind extends Job['kind']>(kind: Kind) =>
  [...jobs.values()].filter((job): job is Extract<Job, { kind: Kind }> => job.kind === kind);

/** Names that the original gives embeddings: `yummly pt_ste5~0` for the job. */
const originalId = (key: string): string => (jobs.get(key) as EmbeddingsJob).label.split(' ')[1];

/** A run's settings as one text, its embeddings by their original name. */
function fingerprint(run: TrainingConfiguration, id = run.dataset.source_embeddings_id): string {
  const settings = runSettings({ ...run, dataset: { ...run.dataset, ...(id && { source_embeddings_id: id }) } });
  return JSON.stringify([...settings].sort());
}

test('the tables train the 876 runs of the original, its slips corrected, and no others; shared ones once', (t) => {
  const ours = jobsOf('training').flatMap(({ runs }) =>
    runs.map((run) => {
      const id = run.dataset.source_embeddings_id;
      return fingerprint(run, id ? originalId(id) : id);
    }),
  );
  const theirs = plannedRuns.map((run) => fingerprint(run));
  t.deepEqual([...ours].sort(), [...theirs].sort());
  t.is(new Set(ours).size, 876);
  const teachers = jobsOf('training').filter(({ stage }) => stage === 'teachers');
  t.is(teachers.flatMap(({ runs }) => runs).length, 490);
});

test('embeddings are saved of the runs that the original saves them of', (t) => {
  const theirs = lines.flatMap(({ command, file, overrides }) => {
    if (command !== 'save_embeddings') return [];
    const value = (key: string) => overrides.find((one) => one.startsWith(`${key}=`))!.slice(key.length + 1);
    const runs = expandRunRange(value('model_uris')).map((uri) => /run-\d+/.exec(parseModelUri(uri).file)![0]);
    return `${file.split('/')[0]} ${value('new_source_embeddings_id')}: ${runs.join(' ')}`;
  });
  const ours = jobsOf('embeddings').map(
    ({ label, runs }) => `${label}: ${runs.map(({ run }) => runName(run.id)).join(' ')}`,
  );
  t.deepEqual([...ours].sort(), [...theirs].sort());
  for (const { runs } of jobsOf('embeddings')) t.is(new Set(runs.map(({ dataset }) => dataset.version)).size, 1);
});

test('every image model is evaluated once, those of the original in its way, all with their own pictures', (t) => {
  const ours = jobsOf('evaluation');
  t.is(ours.length, 386);
  t.is(new Set(ours.map(({ run }) => run.run.id)).size, 386);
  const byRun = new Map<string, EvaluationJob>(ours.map((job) => [runName(job.run.run.id), job]));
  for (const { command, file, overrides } of lines) {
    if (command !== 'evaluate') continue;
    const uri = overrides.find((one) => one.startsWith('model_uri='))!.slice('model_uri='.length);
    const { network, file: checkpoint } = parseModelUri(uri);
    const job = byRun.get(/run-\d+/.exec(checkpoint)![0])!;
    t.truthy(job, uri);
    t.like(job.run.model, { name: network.name, embedding_size: network.embedding_size }, uri);
    t.is(job.evaluation.dataset.name.slice(0, 3).toLowerCase(), file.slice(0, 3), uri);
    const version = overrides.find((one) => one.startsWith('dataset.version='))?.split('=')[1];
    if (version !== undefined) t.is(job.evaluation.dataset.version, version);
  }
  for (const { run, evaluation } of ours) {
    t.deepEqual(evaluation.preprocessing, run.preprocessing);
    t.is(evaluation.subset_name, 'test');
    t.is(/~\d+$/.exec(evaluation.dataset.version)?.[0], /~\d+$/.exec(run.dataset.version)?.[0]);
  }
});

test('a student learns from the teachers of its split, and needs their embeddings', (t) => {
  const students = jobsOf('training').filter(({ runs: [run] }) => run.dataset.source_embeddings_id);
  t.is(students.length, 345);
  for (const { needs, runs } of students) {
    const [run] = runs;
    t.deepEqual(needs, [run.dataset.source_embeddings_id]);
    const embeddings = jobs.get(needs[0]) as EmbeddingsJob;
    const [, split] = /(~\d+)?$/.exec(run.dataset.version)!;
    for (const teacher of embeddings.runs) {
      t.is(teacher.dataset.name.replace('TInd', 'SE'), run.dataset.name);
      t.is(/(~\d+)?$/.exec(teacher.dataset.version)![1], split);
    }
  }
});

test('jobs come after those that they need, and tables share what they have in common', (t) => {
  for (const { jobs: ordered, table } of resolved) {
    const before = new Set<string>();
    for (const { key, needs, label } of ordered) {
      t.true(
        needs.every((need) => before.has(need)),
        `${table.name} ${label}`,
      );
      t.false(before.has(key));
      before.add(key);
    }
  }
  const keysOf = (name: string) => new Set(loadTable(name).jobs.map(({ key }) => key));
  const [distillation, backbones] = [keysOf('distillation-resnet50'), keysOf('backbones')];
  const shared = [...backbones].filter((key) => distillation.has(key));
  // teachers of 7 splits, two things made of each, 15 students by rkd and their evaluations
  t.is(shared.length, 7 + 14 + 15 + 15);
});

test('teachers of a laptop on split 0 are those of the paper', (t) => {
  const keys = new Set(loadTable('teachers').jobs.map(({ key }) => key));
  const laptop = loadTable('teachers', { profile: 'laptop' });
  t.true(laptop.jobs.every(({ key }) => keys.has(key)));
  const fifty = loadTable('number-of-teachers', { profile: 'laptop' }).jobs.find(({ label }) =>
    label.endsWith('..0720'),
  );
  t.is(fifty?.kind === 'training' && fifty.runs.length, 50);
  t.true(loadTable('number-of-teachers').jobs.some(({ key }) => key === fifty!.key));
  const sizes = loadTable('teacher-size', { profile: 'laptop' }).jobs.flatMap((job) =>
    job.stage === 'teachers' && job.kind === 'training' ? job.runs[0].model.embedding_size : [],
  );
  t.deepEqual(sizes, [128, 512, 1024]);
});

test('every profile says what differs, and the paper nothing', (t) => {
  for (const { name } of tables) {
    t.deepEqual(loadTable(name).notes, []);
    for (const profile of ['laptop', 'smoke']) t.true(loadTable(name, { profile }).notes.length > 0);
  }
  t.throws(() => loadTable('teacher'), { message: /^unknown table: table-teacher; did you mean table-teachers\?/ });
  t.throws(() => loadTable('teachers', { profile: 'latpop' }), { message: /did you mean laptop\?/ });
});
