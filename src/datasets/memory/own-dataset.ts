import { datasets as declarations, type DatasetDeclaration, type DatasetName } from '../../catalogue/datasets.js';
import { isNameOf } from '../../catalogue/names.js';
import { registerPart } from '../../catalogue/own-parts.js';
import { UsageError } from '../../errors.js';
import { classDatasets, datasets } from '../registries.js';
import { makeClassHalves, type ClassPictures } from '../splits/class-halves.js';
import { makeItemTriplets, type ItemTriplets } from '../splits/item-triplets.js';

/** Is a data set of one's own, as `fromTriplets` and `fromClasses` make it. */
export type OwnDataset =
  | {
      readonly kind: 'triplets';
      readonly name: string;
      readonly directed: boolean;
      readonly hasImages: boolean;
      readonly read: () => ItemTriplets;
      /** What its digest is made of. */
      readonly content: unknown;
    }
  | { readonly kind: 'classes'; readonly name: string; readonly read: () => ClassPictures; readonly content: unknown };

const { CustomTripletsTInd: indexes, CustomTripletsTImg: images, CustomTripletsSE: teachers } = declarations;
const { CustomClassesSEC: classes } = declarations;

/** Returns the declaration of a set in memory, which reads what a set in a folder reads but the folder's answers. */
const inMemory = (declaration: DatasetDeclaration): DatasetDeclaration => ({
  ...declaration,
  origin: 'memory',
  parameters: declaration.parameters.filter((key) => key !== 'directed'),
});

/**
 * Registers a data set of one's own: configurations name it `NAMETInd`, `NAMETImg` and `NAMESE`, or `NAMESEC`.
 *
 * @throws UsageError for a name that a built-in data set has
 */
export function register(own: OwnDataset): void {
  if (own.kind === 'classes') {
    registerPart('dataset', `${own.name}SEC`, own.content, [
      [declarations, inMemory(classes)],
      [classDatasets, (request: Parameters<typeof makeClassHalves>[0]) => makeClassHalves(request, own.read)],
    ]);
    return;
  }
  const make = (request: Parameters<typeof makeItemTriplets>[0]) => makeItemTriplets(request, own.directed, own.read);
  const forms = { TInd: indexes, ...(own.hasImages ? { TImg: images, SE: teachers } : {}) };
  for (const [form, declaration] of Object.entries(forms))
    registerPart('dataset', `${own.name}${form}`, own.content, [
      [declarations, inMemory(declaration)],
      [datasets, make],
    ]);
}

const endings = {
  'triplets of indexes': 'TInd',
  'triplets of images': 'TImg',
  'source embeddings': 'SE',
  classes: 'SEC',
} as const;

/** Returns the name under which a set of one's own takes the place of another one. @throws UsageError where it cannot */
export function nameLike(own: OwnDataset, other: DatasetName): DatasetName {
  const name = `${own.name}${endings[declarations[other].kind]}`;
  if (isNameOf(declarations, name)) return name;
  throw new UsageError(
    `invalid dataset: ${own.name} in place of ${other}; ${own.kind === 'classes' ? 'it has classes and no triplets' : other.endsWith('SEC') ? 'it has triplets and no classes' : 'it has no images'}`,
  );
}
