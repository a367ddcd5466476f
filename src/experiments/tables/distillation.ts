import { studentRow } from './student-row.js';
import { tripletSets, type Table, type TableRow } from './table.js';
import { teachersOf, yummlyVersion } from './teachers-of.js';

const losses = ['rkd', 'rt', 'rf', 'mtt', 'rc', 'ri', 'stmr', 'rms'] as const;

const mended = [
  'configurations end in .yaml; three command lines say .yam',
  'every student is evaluated; the original lists those of one loss, with the pictures of ResNet-50',
  yummlyVersion,
];

/** The best loss's student of teachers that are not in the paper. */
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
    mended,
  };
}

/** Which loss a student with ResNet-50 learns best by. */
export const distillationResnet50 = distillation('resnet50', '');

/** Which loss a student with ViT-B/16 learns best by. */
export const distillationVit = distillation('vit', '_vit', [ofOrdinalTeachers]);
