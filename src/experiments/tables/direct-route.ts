import { tripletEvaluation } from './student-row.js';
import { splitsOf } from './teachers-of.js';
import { tripletSets, type Table } from './table.js';

const losses = ['ste', 'dm', 'trip', 'cont', 'ms'] as const;

/** Compares image networks that learn from labelled triplets, without teachers. */
export const directRoute: Table = {
  name: 'table-direct-route',
  title: 'Direct route: image networks that learn from labelled triplets alone',
  varied: 'loss',
  reference: 'ste',
  rows: tripletSets.flatMap((data) =>
    losses.map((loss) => ({
      kind: 'networks' as const,
      data,
      name: loss,
      embeddings: [],
      training: {
        configuration: `configurations/${data}/${data}_d_${loss}.yaml`,
        overrides: splitsOf[data] > 1 ? [`num_repetitions=${splitsOf[data]}`] : [],
      },
      evaluation: tripletEvaluation(data),
    })),
  ),
  corrections: ['the original evaluates one loss of each data set; here every loss is evaluated'],
};
