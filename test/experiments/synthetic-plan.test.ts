import test from 'ava';
import type { DatasetConfiguration } from '../../src/configuration/types.js';
import { syntheticDataset, type SyntheticDataset } from '../../src/datasets/synthetic.js';
import { loadPlan, type Plan } from '../../src/experiments/index.js';

for (const file of ['synthetic', 'synthetic-draws']) {
  const { draws } = loadPlan(`configurations/plans/${file}.yaml`);

  const sets = ({ teachers, students, direct, evaluation }: Plan) => {
    const drawn = (dataset: DatasetConfiguration): SyntheticDataset => syntheticDataset(dataset);
    return {
      teachers: drawn(teachers!.configuration.dataset),
      students: students.map(({ configuration }) => drawn(configuration.dataset)),
      direct: direct.map(({ configuration }) => drawn(configuration.dataset)),
      evaluation: drawn(evaluation!.dataset),
    };
  };

  test(`${file}: test items are in no triplet and in no picture that any route learns from or is selected by`, (t) => {
    for (const draw of draws) {
      const { teachers, students, direct, evaluation } = sets(draw);
      const tested = new Set(evaluation.instances.test);
      t.deepEqual(new Set(evaluation.triplets.test), tested, 'every test item is asked about');
      for (const { triplets, factors } of [teachers, ...direct]) {
        t.deepEqual(factors, evaluation.factors, 'the same items');
        for (const seen of [triplets.training, triplets.validation]) t.false(seen.some((item) => tested.has(item)));
      }
      for (const { instances, factors } of students) {
        t.deepEqual(factors, evaluation.factors, 'the same items');
        for (const seen of [instances.training, instances.validation]) t.false(seen.some((item) => tested.has(item)));
        t.deepEqual(new Set(instances.test), tested);
      }
    }
  });

  test(`${file}: teachers and direct route have the same labels, and every draw has its own`, (t) => {
    const labels = draws.map((draw) => {
      const { teachers, direct } = sets(draw);
      for (const { triplets } of direct) {
        t.deepEqual(triplets.training, teachers.triplets.training);
        t.deepEqual(triplets.validation, teachers.triplets.validation);
      }
      return teachers.triplets.training.join();
    });
    t.is(new Set(labels).size, draws.length);
  });

  test(`${file}: the test is of thousands of triplets, answered by the stated model of error`, (t) => {
    for (const draw of draws) {
      const { triplets, factorsFct, ceiling, noise } = sets(draw).evaluation;
      t.deepEqual(noise, sets(draw).teachers.noise);
      const count = triplets.test.length / 3;
      t.true(count > 3000, `${count} triplets`);
      const deviation = Math.sqrt((ceiling.test * (1 - ceiling.test)) / count);
      t.true(Math.abs(factorsFct.test - ceiling.test) < 4 * deviation);
    }
  });

  test(`${file}: both routes have the same network and pictures, and the direct one is shown more of them`, (t) => {
    for (const { students, direct } of draws) {
      const student = students[0].configuration;
      const shown = syntheticDataset(student.dataset).instances.training.length;
      for (const { configuration } of direct) {
        const { name, embedding_size, frozen_variables } = configuration.model;
        t.like(student.model, { name, embedding_size, frozen_variables });
        t.deepEqual(configuration.preprocessing, student.preprocessing);
        const labels = syntheticDataset(configuration.dataset).triplets.training.length;
        t.true(
          labels * configuration.optimization.num_training_epochs > shown * student.optimization.num_training_epochs,
        );
      }
    }
  });
}
