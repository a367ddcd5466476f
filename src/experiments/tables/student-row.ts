import type { NetworkRow, SplitEmbeddings, TripletSet } from './table.js';

interface StudentRow {
  readonly name: string;
  /** The end of the configuration's name: `rkd`, `rkd_vit`. */
  readonly configuration: string;
  readonly embeddings: readonly SplitEmbeddings[];
  readonly overrides?: readonly string[];
  readonly beyondPaper?: true;
}

/** Makes a row of five students of a triplet set: one on each split, or all on the only split. */
export function studentRow(
  data: TripletSet,
  { name, configuration, embeddings, overrides = [], beyondPaper }: StudentRow,
): NetworkRow {
  return {
    kind: 'networks',
    data,
    name,
    embeddings,
    training: {
      configuration: `configurations/${data}/${data}_se_${configuration}.yaml`,
      overrides: ['num_repetitions=5', ...overrides],
    },
    evaluation: tripletEvaluation(data),
    ...(beyondPaper && { beyondPaper }),
  };
}

/** Evaluates FCT over the test triplets of the `direct` version, for students and the direct route alike. */
export function tripletEvaluation(data: TripletSet): NetworkRow['evaluation'] {
  const overrides = ['evaluation_type=triplets', 'subset_name=test', 'dataset.version=direct'];
  return { configuration: `configurations/${data}/${data}_e.yaml`, overrides };
}
