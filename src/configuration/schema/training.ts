import { optimizers, type OptimizerType } from '../../catalogue/optimizers.js';
import { boolean, integer, nameIn, notNegative, path, section } from '../../catalogue/values.js';

/** The `run` section. */
export const run = section({
  output_directory_name: path.meta({ description: 'Folder of the runs; each run has a folder `run-NNNN/` in it.' }),
  id: integer(0, 1e9).meta({
    description:
      'The number of the run, printed with four digits. The command `train` also takes `next`, the next free one.',
  }),
  draw: integer(0, 1e9).optional().meta({
    description: 'Chooses, together with `seed`, the random numbers: for new layers, orders and crops. Runs with the same number draw the same, whatever else differs.', // prettier-ignore
    otherwise: 'run.id',
  }),
});

/** The `optimization` section. */
export const optimization = section({
  optimizer_type: nameIn<OptimizerType>(optimizers).meta({
    description: '`adam` adds the weight decay to the gradient, `adamw` decouples it.',
  }),
  initial_learning_rate: notNegative.meta({
    description: 'The learning rate. It is constant: there is no schedule.',
  }),
  weight_decay: notNegative.meta({ description: 'The weight decay of every trained parameter but the Psycho table.' }),
  evaluate_globally: boolean.meta({
    description: 'Whether the metric is taken over the whole validation subset, or is the mean over its batches.',
  }),
  num_training_epochs: integer(1, 1e6).meta({ description: 'How many epochs are trained.' }),
  num_batches_per_epoch: integer(1, 1e8)
    .optional()
    .meta({ description: 'An epoch ends after this many batches.', otherwise: 'all batches' }),
  micro_batch_size: integer(1, 1e7).optional().meta({
    description: 'How many pictures go through the network at once; the gradient is that of the whole batch.',
    otherwise: 'what fits into memory',
    applies: 'image networks',
  }),
});
