import test from 'ava';
import { loadTrainingConfiguration, resolveConfiguration } from '../../src/configuration/index.js';
import { UsageError } from '../../src/errors.js';
import { classes, direct, teacher } from './refusals.js';

/** The parameters that each loss cannot do without, as written down from the method. */
const needs: Record<string, readonly string[]> = {
  double_contrastive: ['margin_positive', 'margin_negative'],
  double_margin: ['margin', 'beta'],
  double_multisimilarity: ['margin', 'alpha', 'beta'],
  ste: ['tau'],
  triplet: ['margin'],
  soe: ['margin'],
  ckl: ['mu'],
  contrastive: ['margin_positive', 'margin_negative'],
  facenet: ['margin'],
  infonce: ['tau'],
  multi_similarity: ['margin', 'alpha', 'beta'],
  multi_similarity_original: ['margin', 'alpha', 'beta'],
  sampling_matters: ['margin', 'beta'],
  rkd: [],
  relaxed_contrastive: ['margin', 'tau'],
  relaxed_triplet: ['triplet_weight_type', 'margin', 'margin2', 'tau'],
  relaxed_facenet: ['triplet_weight_type', 'margin', 'margin2', 'tau', 'semihard_loss_threshold'],
  relaxed_infonce: ['tau'],
  relaxed_multisimilarity: ['margin', 'tau', 'alpha', 'beta'],
  stmr: ['tau', 'beta'],
  mtt: ['teacher_margin', 'margin'],
};

for (const [loss, parameters] of Object.entries(needs)) {
  const ordinal = ['soe', 'ckl'].includes(loss);
  const triplets = ['double_contrastive', 'double_margin', 'double_multisimilarity', 'ste', 'triplet'].includes(loss);
  const file = ordinal ? teacher : triplets ? direct : classes;
  const base = () => {
    const { dataset, preprocessing, optimization, run } = loadTrainingConfiguration(file);
    const metric_mode = triplets || ordinal ? 'FCT/max' : 'mP@1/max';
    return {
      run,
      dataset,
      preprocessing,
      optimization,
      use_gpu: false,
      name: ordinal ? 'Ordinal' : 'ResNet50',
      metric_mode,
    };
  };
  const build = (keys: readonly string[]) => {
    const { name, metric_mode, ...rest } = base();
    const values = keys.map((key) => [key, key === 'triplet_weight_type' ? 'from_source_triplets' : 0.5]);
    const model = { name, metric_mode, embedding_size: 8, loss_type: loss, ...Object.fromEntries(values) };
    return () => resolveConfiguration({ ...rest, model });
  };

  test(`${loss} with all its parameters is accepted`, (t) => {
    t.notThrows(build(parameters));
  });

  for (const missing of parameters)
    test(`${loss} without its ${missing} is refused`, (t) => {
      const error = t.throws(build(parameters.filter((key) => key !== missing)), { instanceOf: UsageError });
      t.is(error?.message, `missing model.${missing} in the configuration; loss_type ${loss} needs it`);
    });
}
