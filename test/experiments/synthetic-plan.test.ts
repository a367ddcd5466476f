import test from 'ava';
import { syntheticDataset } from '../../src/datasets/synthetic/synthetic.js';
import { trainingBudget, loadPlan, type Plan } from '../../src/experiments/index.js';

const draws = ['synthetic', 'synthetic-quick', 'synthetic-draws'].flatMap(
  (name) => loadPlan(`configurations/plans/${name}.yaml`).draws,
);

const setsOf = ({ teachers, students, direct, evaluation }: Plan) => ({
  teachers: syntheticDataset(teachers!.configuration.dataset),
  students: students.map(({ configuration }) => syntheticDataset(configuration.dataset)),
  direct: direct.map(({ configuration }) => syntheticDataset(configuration.dataset)),
  evaluation: syntheticDataset(evaluation!.dataset),
});
/** The first draw of two plans and the last of the third: a million triplets are drawn for a large one. */
const drawn = [draws[0], draws[4], draws[draws.length - 1]].map((plan) => ({ plan, ...setsOf(plan) }));

const sorted = (items: Iterable<number>) => [...new Set(items)].sort((a, b) => a - b);

test('test items are in no triplet and no picture that a route learns from or is selected by', (t) => {
  for (const { teachers, students, direct, evaluation } of drawn) {
    const tested = new Set(evaluation.instances.test);
    t.is(tested.size, 60);
    t.deepEqual(sorted(evaluation.triplets.test), sorted(tested), 'every test item is asked about, and no other');
    for (const { triplets, factors } of [teachers, ...direct]) {
      t.deepEqual(factors, evaluation.factors, 'the same items');
      for (const seen of [triplets.training, triplets.validation]) t.false(seen.some((item) => tested.has(item)));
    }
    for (const { instances, factors } of students) {
      t.deepEqual(factors, evaluation.factors, 'the same items');
      for (const seen of [instances.training, instances.validation]) t.false(seen.some((item) => tested.has(item)));
    }
  }
});

test('teachers and direct route have the same labels, and every draw has its own', (t) => {
  for (const { teachers, direct } of drawn)
    for (const { triplets } of direct) {
      t.deepEqual(triplets.training, teachers.triplets.training);
      t.deepEqual(triplets.validation, teachers.triplets.validation);
    }
  t.notDeepEqual(drawn[0].teachers.triplets.training, drawn[2].teachers.triplets.training);
  t.notDeepEqual(drawn[0].evaluation.factors, drawn[2].evaluation.factors);
});

test('the test is of more than five in a thousand triplets, answered by the model of error that the labels have', (t) => {
  for (const { teachers, evaluation } of drawn) {
    const { triplets, factorsFct, ceiling, noise, drawn: drawnTriplets } = evaluation;
    t.deepEqual(noise, teachers.noise);
    const count = triplets.test.length / 3;
    t.true(count > (0.005 * drawnTriplets.length) / 3, `${count} triplets`);
    const deviation = Math.sqrt((ceiling.test * (1 - ceiling.test)) / count);
    t.true(Math.abs(factorsFct.test - ceiling.test) < 4 * deviation);
  }
});

test('both routes have the same network, pictures and optimizer, and the direct one is shown more items', (t) => {
  for (const { students, direct } of draws)
    for (const { configuration } of direct) {
      const student = students[0].configuration;
      const { name, embedding_size, frozen_variables } = configuration.model;
      t.like(student.model, { name, embedding_size, frozen_variables });
      t.deepEqual(configuration.preprocessing, student.preprocessing);
      const { optimizer_type, weight_decay } = configuration.optimization;
      t.like(student.optimization, { optimizer_type, weight_decay });
      t.true(trainingBudget(configuration).shown > trainingBudget(student).shown);
    }
});
