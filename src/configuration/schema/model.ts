import { z } from 'zod';
import { lossParameters } from '../../catalogue/loss-parameters.js';
import { losses, type LossType } from '../../catalogue/losses.js';
import { metrics, type MetricMode } from '../../catalogue/metrics.js';
import { models, type ModelName } from '../../catalogue/models.js';
import { boolean, integer, nameIn, oneOf, section, text } from '../../catalogue/values.js';

const network = {
  name: nameIn<ModelName>(models).meta({ description: 'The table of a teacher, or an image network.' }),
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
  beta: lossParameters.beta,
  embedding_size: integer(1, 65_536).meta({ description: 'Numbers of an embedding.' }),
  use_normalization: z
    .literal(true, { error: 'true: the network always normalises' })
    .meta({ words: 'true' })
    .optional()
    .meta({ description: 'Is always true.', otherwise: 'true', applies: 'Psycho' }),
};

/** The keys of the `model` section that a model URI may contain. */
export const networkSection = section(network);

/** The `model` section: network, loss and metric. */
export const model = section({
  ...network,
  train_regularization: boolean.optional().meta({
    description: 'Lets `model.beta` and `optimization.weight_decay` change the training of the table. In the original they do not.', // prettier-ignore
    otherwise: 'false',
    applies: 'Psycho',
  }),
  loss_type: nameIn<LossType>(losses).meta({ description: 'The loss: see src/losses/README.md.' }),
  ...lossParameters,
  metric_mode: nameIn<MetricMode>(metrics, (name) => [`${name}/max`, `${name}/min`]).meta({
    description:
      'The metric on the validation subset, and whether the greatest (`max`) or the least (`min`) value is best.',
  }),
});
