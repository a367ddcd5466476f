/** The data sets of the experiments. */
export const tripletSets = ['things', 'ihsjc', 'yummly'] as const;
export const classSets = ['cub', 'cars', 'sop'] as const;
export type TripletSet = (typeof tripletSets)[number];
export type ClassSet = (typeof classSets)[number];
export type DataSet = TripletSet | ClassSet | 'synthetic';

/** Trainings of one configuration, as a command line has them: `num_repetitions` runs from `run.id` on. */
export interface RepeatedTraining {
  readonly configuration: string;
  readonly overrides: readonly string[];
}

/** The embeddings of teachers of one split: of all that the training gives, or of the first so many. */
export interface SplitEmbeddings {
  /** The original's name for them. */
  readonly id: string;
  readonly teachers: RepeatedTraining;
  readonly first?: number;
}

/** What all rows have: `name` tells it from the table's other rows on the same data. */
interface CommonRow {
  readonly data: DataSet;
  readonly name: string;
  /** The embeddings of each split: repetition i of a network learns from the i-th, or all from the only one. */
  readonly embeddings: readonly SplitEmbeddings[];
  /** Not of the paper: in profiles that do not take such rows of themselves it is there where it is asked for by name. */
  readonly beyondPaper?: true;
}

/** Index teachers: measured by FCT on the triplets that they are validated on. */
export interface TeacherRow extends CommonRow {
  readonly kind: 'teachers';
}

/** Image networks, students or of the direct route: measured on the test subset. */
export interface NetworkRow extends CommonRow {
  readonly kind: 'networks';
  readonly training: RepeatedTraining;
  /** All repetitions are done with each of these seeds (default: with the configured one). */
  readonly seeds?: readonly number[];
  /** Its pictures are prepared as in the training; repetition i has the `version~i` of sets with several splits. */
  readonly evaluation: RepeatedTraining;
}

export type TableRow = TeacherRow | NetworkRow;

/** Which runs make a table, and how they are compared. */
export interface Table {
  readonly name: string;
  /** What the table asks, in a sentence. */
  readonly title: string;
  /** What its rows differ in: `loss`. */
  readonly varied: string;
  /** The row of each data set that the others are compared with. */
  readonly reference: string;
  readonly rows: readonly TableRow[];
  /** What is corrected of the original's command lines, which have slips. */
  readonly mended: readonly string[];
}
