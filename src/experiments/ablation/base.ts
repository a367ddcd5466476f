import type { RepeatedTraining } from '../tables/index.js';

/** The settings that an ablation starts from: the method's route on one data set. */
export interface AblationBase {
  readonly teachers: RepeatedTraining;
  readonly student: RepeatedTraining;
  /** Evaluates students on triplets of test items, which neither they nor their teachers have seen. */
  readonly evaluation: RepeatedTraining;
  /** What differs from draw to draw, in words: `items and answers`. */
  readonly drawn: string;
  /** Differences from the configurations, stated beside the numbers. */
  readonly notes: { readonly teachers: readonly string[]; readonly student: readonly string[] };
  /** Returns the overrides of each part for draw k, counted from 0. */
  draw(k: number): { readonly teachers: string[]; readonly student: string[]; readonly evaluation: string[] };
}

const globally = 'FCT of teachers over all validation triplets at once instead of a mean over batches';

const synthetic: AblationBase = {
  teachers: {
    configuration: 'configurations/synthetic/synthetic_p_ste.yaml',
    overrides: ['dataset.num_items=300', 'dataset.batch_size=240', 'num_repetitions=5'],
  },
  student: {
    configuration: 'configurations/synthetic/synthetic_se_rkd.yaml',
    overrides: ['preprocessing.image_size=16', 'optimization.num_training_epochs=15'],
  },
  evaluation: {
    configuration: 'configurations/synthetic/synthetic_img_e.yaml',
    overrides: ['dataset.num_triplets=500000'],
  },
  drawn: 'items and answers',
  notes: {
    teachers: ['answers are drawn by code', globally],
    student: [
      'pictures and answers are drawn by code',
      'students: pictures of 16 x 16 instead of 24 x 24, 15 epochs instead of 60',
    ],
  },
  draw(k) {
    const own = [`dataset.data_seed=${k}`, `seed=${k}`];
    return { teachers: own, student: own, evaluation: own };
  },
};

const yummly: AblationBase = {
  teachers: { configuration: 'configurations/yummly/yummly_p_ste.yaml', overrides: ['num_repetitions=5'] },
  student: {
    configuration: 'configurations/yummly/yummly_se_rkd.yaml',
    overrides: [
      'dataset.different_splits=false',
      'model.weights=resnet50-keras',
      'optimization.num_training_epochs=4',
      'optimization.initial_learning_rate=0.00001',
    ],
  },
  evaluation: { configuration: 'configurations/yummly/yummly_e.yaml', overrides: ['dataset.version=direct'] },
  drawn: 'split of the pictures',
  notes: {
    teachers: [globally],
    student: [
      'ImageNet weights of Keras instead of torchvision',
      'students: 4 epochs at learning rate 1e-5 instead of 100 at 1e-6',
    ],
  },
  draw: (k) => ({
    teachers: [`dataset.version=psycho~${k}`, `seed=${k}`],
    student: [`dataset.version=source_embedding~${k}`, `seed=${k}`],
    evaluation: [`seed=${k}`], // the run decides its split
  }),
};

/** Every data set that ablations can use. */
export const ablationBases = { synthetic, yummly } as const satisfies Record<string, AblationBase>;
export type AblationData = keyof typeof ablationBases;
