import test from 'ava';
import {
  loadTrainingConfiguration,
  repetitionConfiguration,
  resolveConfiguration,
} from '../../src/configuration/index.js';

test('repetitions have ids one after another, or as far apart as told', (t) => {
  const one = loadTrainingConfiguration('configurations/things/things_p_ste.yaml', ['num_repetitions=5']);
  t.deepEqual(
    [0, 1, 4].map((i) => repetitionConfiguration(one, i).run.id),
    [111, 112, 115],
  );
  const ten = loadTrainingConfiguration('configurations/things/things_p_ste.yaml', ['offset_for_repetition=10']);
  t.is(repetitionConfiguration(ten, 3).run.id, 141);
  t.like(repetitionConfiguration(ten, 3), { num_repetitions: 1, offset_for_repetition: 1, dataset: one.dataset });
});

test('with different splits each has its own version and source embeddings', (t) => {
  const configuration = loadTrainingConfiguration('configurations/yummly/yummly_se_rkd.yaml');
  const repetition = repetitionConfiguration(configuration, 2);
  t.like(repetition.dataset, {
    version: 'source_embedding~2',
    source_embeddings_id: 'pt_ste5~2',
    different_splits: false,
  });
  t.is(configuration.dataset.version, 'source_embedding');
  const direct = loadTrainingConfiguration('configurations/yummly/yummly_d_ste.yaml');
  t.is(repetitionConfiguration(direct, 0).dataset.version, 'direct~0');
  t.false('source_embeddings_id' in repetitionConfiguration(direct, 0).dataset);
});

test('a repetition is a whole configuration, and its only repetition is itself', (t) => {
  for (const file of ['yummly/yummly_se_rkd', 'yummly/yummly_d_ste', 'things/things_p_ste', 'cub/cub_se_rkd_ns_vits']) {
    const configuration = loadTrainingConfiguration(`configurations/${file}.yaml`, ['num_repetitions=4']);
    const repetition = repetitionConfiguration(configuration, 3);
    t.deepEqual(resolveConfiguration(repetition), repetition);
    t.deepEqual(repetitionConfiguration(repetition, 0), repetition);
  }
});
