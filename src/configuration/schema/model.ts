import { z } from 'zod';
import { lossTraits, metricNames, modelNames, type LossType, type MetricMode } from '../names.js';
import { boolean, integer, namesOf, notNegative, number, oneOf, positive, section, text } from './kinds.js';

const network = {
  name: oneOf(modelNames).meta({ description: 'The table of a teacher, or the image network.' }),
  frozen_variables: oneOf(['bn', 'all']).nullable().optional().meta({
    description: '`bn`: every batch normalization stays in inference mode. `all`: all but the new layers is fixed.',
    otherwise: 'nothing is frozen',
    applies: 'image networks but ViTS',
  }),
  weights: text.optional().meta({
    description: 'What the network starts from: a name of `tripletlab weights list`, a file, or `none`.',
    otherwise: 'the ImageNet weights that the original starts from; none for small networks',
    applies: 'image networks',
  }),
  num_nonlinearity_layers: integer(0, 100).optional().meta({
    description: 'How many linear layers with relu follow the last linear layer.',
    otherwise: '0',
    applies: 'ResNet50',
  }),
  activation_fn: oneOf(['relu'])
    .optional()
    .meta({ description: 'Is always relu.', otherwise: 'relu', applies: 'Psycho' }),
  beta: notNegative.optional().meta({
    description: "Of the margin losses, the distance that parts similar from different pairs. Of the multi-similarity losses, how steeply different pairs are pushed apart. Of stmr, the temperature of the teachers' differences. Of Psycho, the weight of the sum of absolute values that is added to the reported loss.", // prettier-ignore
    otherwise: 'must be given where the loss reads it; of Psycho 0',
    applies: 'Psycho',
  }),
  embedding_size: integer(1, 65_536).meta({ description: 'Numbers of an embedding.' }),
  use_normalization: z
    .literal(true, { error: 'true: the network always normalises' })
    .meta({ words: 'true' })
    .optional()
    .meta({ description: 'Is always true.', otherwise: 'true', applies: 'Psycho' }),
};

/** What a model URI may say of its network. */
export const networkSection = section(network);

/** The `model` section: network, loss and metric. */
export const model = section({
  ...network,
  train_regularization: boolean.optional().meta({
    description: 'Lets `model.beta` and `optimization.weight_decay` change the training of the table. In the original they do not.', // prettier-ignore
    otherwise: 'false',
    applies: 'Psycho',
  }),
  loss_type: oneOf<LossType>(namesOf(lossTraits)).meta({ description: 'The loss: see src/losses/README.md.' }),
  triplet_weight_type: oneOf([
    'from_source_pairs',
    'from_source_pairs2',
    'from_source_triplets',
    'from_source_triplets2',
  ])
    .optional()
    .meta({
      description: "How triplets weigh by the teachers' distances of pairs, or by their differences. With the ending 2 by squared distances, which relaxed_triplet refuses.", // prettier-ignore
    }),
  margin: number.optional().meta({
    description: 'How far apart the two distances of a triplet must be. Of the multi-similarity losses, the similarity that parts similar from different pairs.', // prettier-ignore
  }),
  margin2: number.optional().meta({
    description: "The difference of the teachers' distances at which a triplet weighs one half.",
    applies: 'relaxed_triplet and relaxed_facenet with from_source_triplets',
  }),
  margin_positive: number.optional().meta({ description: 'Similar pairs nearer than this cost nothing.' }),
  margin_negative: number.optional().meta({ description: 'Different pairs farther than this cost nothing.' }),
  teacher_margin: number.optional().meta({ description: 'A teacher votes for a triplet above this difference.' }),
  tau: positive
    .optional()
    .meta({ description: 'The temperature that similarities or distances are divided by; stmr multiplies by it.' }),
  mu: positive.optional().meta({ description: 'What is added to squared distances.' }),
  alpha: positive.optional().meta({ description: 'How steeply similar pairs are pulled together.' }),
  semihard_loss_threshold: number.optional().meta({
    description: 'Where the greatest loss of a pair is at most this, the least hard one is added. 0: never.',
  }),
  batch_mining: oneOf(['relaxed_sampling_matters']).nullable().optional().meta({
    description: "Takes the mean over triplets drawn by the teachers' distances, not over all.",
    otherwise: 'all triplets',
    applies: 'rkd, stmr',
  }),
  exact_log_softmax: boolean.optional().meta({
    description: 'Takes the exact logarithm. In the original, probabilities under 1e-12 have no gradient.',
    otherwise: 'false',
    applies: 'ste',
  }),
  metric_mode: oneOf<MetricMode>(metricNames.flatMap((name): MetricMode[] => [`${name}/max`, `${name}/min`])).meta({
    description: 'The metric of the validation, and whether its greatest or its least value is best.',
  }),
});
