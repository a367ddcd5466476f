import { classSets, type Table } from './table.js';

/** Compares losses on classes, which are one-hot teachers. */
export const classDatasets: Table = {
  name: 'table-class-datasets',
  title: 'Class data sets: students of one-hot vectors (ViT-S/16), by mP@1',
  varied: 'loss',
  reference: 'rkd',
  rows: classSets.flatMap((data) =>
    (['rkd', 'stmr'] as const).map((loss) => ({
      kind: 'networks' as const,
      data,
      name: loss,
      embeddings: [],
      training: { configuration: `configurations/${data}/${data}_se_${loss}_ns_vits.yaml`, overrides: [] },
      evaluation: {
        configuration: `configurations/${data}/${data}_e.yaml`,
        overrides: ['evaluation_type=classes', 'subset_name=test'],
      },
    })),
  ),
  corrections: [],
};
