import type { Expected } from './executed-page.js';

/** The notebooks but tables; without data all run on what is drawn by code. */
export const chapters: Readonly<Record<string, Expected>> = {
  '00-quick-start': { figures: 4, says: /FCT 0\.7[5-9]\d\d \[.*\], ceiling 0\.7939/ },
  '01-teachers': { figures: 6, views: 3, says: /THINGS is not here\. How to get it:/ },
  '02-students': { figures: 2, says: /student above direct on each draw: -?0\.\d{3}, -?0\.\d{3}\n/ },
  '03-your-own-data': {
    figures: 6,
    says: /pictures and answers are drawn by code/,
    environment: { OWN_EPOCHS: '2' },
  },
  'ablation-playground': {
    figures: 3,
    says: /: 20 of 20 jobs done, done/,
    environment: { ABLATION_DRAWS: '2', ABLATION_EPOCHS: '1' },
  },
  'method-1-triplets': { figures: 1, views: 8, says: /computing on/ },
  'method-2-teachers': { figures: 5, views: 5, says: /computing on/ },
  'method-3-distillation': { figures: 1, views: 12, says: /computing on/ },
};

/** The tables, each of three data sets. */
export const tables: readonly string[] = [
  'table-teachers',
  'table-number-of-teachers',
  'table-teacher-size',
  'table-distillation-resnet50',
  'table-distillation-vit',
  'table-backbones',
  'table-direct-route',
  'table-class-datasets',
];

/** `02-students` in small: its plan with fewer items, labels and epochs. */
export const smallStudents = `name: small-students
notes:
  - a trial of the notebook; its numbers mean nothing
teachers:
  configuration: configurations/synthetic/synthetic_p_ste.yaml
  overrides:
    - dataset.num_items=60
    - dataset.num_triplets=3000
    - optimization.num_training_epochs=5
    - num_repetitions=2
source_embeddings_id: pt_ste5
students:
  - configuration: configurations/synthetic/synthetic_se_rkd.yaml
    overrides:
      - dataset.num_items=60
      - dataset.num_triplets=3000
      - dataset.batch_size=12
      - optimization.num_training_epochs=2
direct:
  - configuration: configurations/synthetic/synthetic_d_ste.yaml
    overrides:
      - dataset.num_items=60
      - dataset.num_triplets=3000
      - optimization.num_training_epochs=1
      - optimization.num_batches_per_epoch=3
evaluation:
  configuration: configurations/synthetic/synthetic_img_e.yaml
  overrides:
    - dataset.num_items=60
    - dataset.num_triplets=20000
evaluate_start: true
data_seeds: [0, 1]
`;
