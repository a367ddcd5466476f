import type { Expected } from './executed-page.js';

/** The notebooks but tables; without data all run on what is drawn by code. */
export const chapters: Readonly<Record<string, Expected>> = {
  '00-quick-start': { figures: 4, says: /FCT 0\.7[5-9]\d\d \[.*\], ceiling 0\.7939/ },
  '01-teachers': { figures: 8, views: 5, says: /THINGS is not here\. How to get it:/ },
  '02-students': {
    figures: 2,
    says: /student above direct on each draw: (0\.\d{3}, ){3}0\.\d{3}\nmean 0\.\d{3}, 95 % interval 0\.\d{3} to 0\.\d{3} over draws/,
  },
  '03-your-own-data': {
    figures: 6,
    says: /pictures and answers are drawn by code/,
    environment: { OWN_EPOCHS: '2' },
  },
  '04-your-own-parts': {
    figures: 0,
    says: /model\.loss_type relative_distances instead of rkd: FCT, test differs by [^]*\ndataset DiscsTImg, source \w{16}\n/,
    environment: { OWN_PARTS_DRAWS: '1', OWN_PARTS_EPOCHS: '2' },
  },
  findings: { figures: 4, says: /table-distillation-vit: [1-9]\d* of \d+ networks, profile small/ },
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
