import type { CollectedTable } from '../collect/collected.js';
import { storedTable } from '../collect/stored-table.js';
import { alignmentWords, storedAlignments } from './alignment.js';
import type { Finding } from './finding.js';
import { before, pairsWords, rowNamed, rowsOf, rowWords } from './rows.js';

/** Compares every row of a data set with the reference row, in sentences. */
function againstReference(table: CollectedTable | undefined, data: string): string[] {
  if (table === undefined) return [];
  const reference = rowNamed(table, data, table.reference);
  if (reference === undefined) return [];
  const others = rowsOf(table).filter((row) => row.data === data && row !== reference);
  return pairsWords(others.map((row) => [row, reference] as const));
}

const profileOf = (table: CollectedTable | undefined): string =>
  table === undefined ? '' : `Profile ${table.profile}: ${table.deviations.join('; ')}.`;

/** Returns each claim of the method with what the kept tables show; all numbers are those of `notebooks/results`. */
export function findings(): Finding[] {
  const teachers = storedTable('table-teachers');
  const students = storedTable('table-distillation-vit');
  const other = storedTable('table-direct-route');
  const direct = other?.profile === students?.profile ? other : undefined; // another profile trains other networks
  const ofYummly = rowsOf(students).filter(({ data }) => data === 'yummly');
  const rkd = rowNamed(students, 'yummly', 'rkd');
  const ste = rowNamed(direct, 'yummly', 'ste');
  const [number, size] = ['table-number-of-teachers', 'table-teacher-size'].map(storedTable);
  return [
    {
      claim: 'Embeddings that are learned from triplets alone answer most triplets that they have not seen.',
      says: rowsOf(teachers).map(rowWords),
      cannot: [profileOf(teachers), 'All items were seen in training: this says nothing of new pictures.'],
    },
    {
      claim: 'Ordinal embeddings make better teachers than those of the paper.',
      says: ['things', 'yummly'].flatMap((data) => againstReference(teachers, data)),
      cannot: [
        'The runs of a split share its triplets: the pairs differ in their draws of numbers, not in their data.',
      ],
    },
    {
      claim: 'Frozen features agree with people on most triplets, and a linear probe makes more of them.',
      says: storedAlignments().map(alignmentWords),
      cannot: [
        'A probe is fitted and tested on items of one data set: this says nothing of other things.',
        'The dimensions of SPoSE were themselves learned from triplets of THINGS.',
      ],
    },
    {
      claim: 'A student of teachers does better than the same network that learns from the triplets directly.',
      says: [
        ...[rkd, ste].flatMap((row) => (row === undefined ? [] : [rowWords(row)])),
        ...(rkd === undefined || ste === undefined ? [] : pairsWords([[rkd, ste]])),
      ],
      cannot: [
        profileOf(direct),
        'Both see as many pictures. In the paper the direct route sees all triplets ten times, which is far more.',
      ],
    },
    {
      claim: 'Training makes a network agree with people more than its pretrained features do.',
      says: (['start', 'features'] as const).flatMap((what) =>
        pairsWords([...ofYummly, ...(ste === undefined ? [] : [ste])].map((row) => [row, before(row, what)] as const)),
      ),
      cannot: [profileOf(students), 'A test split has 20 pictures: splits differ by more than what training adds.'],
    },
    {
      claim: 'The losses of distillation differ, and better teachers make better students.',
      says: [...ofYummly.map(rowWords), ...againstReference(students, 'yummly')],
      cannot: ['Rows that are not listed have not been run at this schedule.'],
    },
    {
      claim: 'More teachers, or larger ones, make better students.',
      says: [number, size].flatMap((table) => againstReference(table, 'yummly')),
      cannot: [profileOf(number)],
    },
  ];
}
