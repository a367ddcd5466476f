import { studentRow } from './student-row.js';
import { tripletSets, type Table, type TableRow } from './table.js';
import { teachersOf, yummlyVersion } from './teachers-of.js';

const losses = ['rkd', 'rt', 'rf', 'mtt', 'rc', 'ri', 'stmr', 'rms'] as const;

const corrections = [
  'three command lines of the original name a file that ends in .yam; the file ends in .yaml',
  'the original evaluates the students of one loss only, with the preprocessing of ResNet-50; here every student is evaluated with its own preprocessing',
  yummlyVersion,
];

/** A row beyond the paper: students with the best loss, of teachers that are not in the paper. */
const ofOrdinalTeachers = studentRow('yummly', {
  name: 'rkd-ordinal',
  configuration: 'rkd_vit',
  embeddings: teachersOf('yummly', 'soe5'),
  overrides: ['run.id=5111'],
  beyondPaper: true,
});

function distillation(network: string, ending: string, further: readonly TableRow[] = []): Table {
  return {
    name: `table-distillation-${network}`,
    title: `Distillation: eight losses for students of five teachers (${network === 'vit' ? 'ViT-B/16' : 'ResNet-50'})`,
    varied: 'loss',
    reference: 'rkd',
    rows: [
      ...tripletSets.flatMap((data) =>
        losses.map((loss) =>
          studentRow(data, { name: loss, configuration: `${loss}${ending}`, embeddings: teachersOf(data, 'ste5') }),
        ),
      ),
      ...further,
    ],
    corrections,
  };
}

/** Compares the losses of students with ResNet-50. */
export const distillationResnet50 = distillation('resnet50', '');

/** Compares the losses of students with ViT-B/16. */
export const distillationVit = distillation('vit', '_vit', [ofOrdinalTeachers]);
