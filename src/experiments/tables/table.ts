/** The data sets of the experiments. */
export const tripletSets = ['things', 'ihsjc', 'yummly'] as const;
export const classSets = ['cub', 'cars', 'sop'] as const;
export type TripletSet = (typeof tripletSets)[number];
export type ClassSet = (typeof classSets)[number];
export type DataSet = TripletSet | ClassSet | 'synthetic';

/** Trainings of one configuration, as a command line gives them: `num_repetitions` runs from `run.id` on. */
export interface RepeatedTraining {
  readonly configuration: string;
  readonly overrides: readonly string[];
}

/** The embeddings of one split's teachers: of all that the training gives, or of the first few. */
export interface SplitEmbeddings {
  /** The original's name for them. */
  readonly id: string;
  readonly teachers: RepeatedTraining;
  readonly first?: number;
}

/** What all rows have. `name` distinguishes the table's rows on the same data. */
interface CommonRow {
  readonly data: DataSet;
  readonly name: string;
  /** The embeddings of each split: repetition i of a network learns from the i-th, or all learn from the only one. */
  readonly embeddings: readonly SplitEmbeddings[];
  /** Not in the paper: profiles that do not take such rows by themselves run it where it is asked for by name. */
  readonly beyondPaper?: true;
}

/** Index teachers, measured by FCT on their validation triplets. */
export interface TeacherRow extends CommonRow {
  readonly kind: 'teachers';
}

/** Image networks, students or of the direct route, measured on the test subset. */
export interface NetworkRow extends CommonRow {
  readonly kind: 'networks';
  readonly training: RepeatedTraining;
  /** Seeds that all repetitions are done with (default: the configured one). */
  readonly seeds?: readonly number[];
  /** The evaluation. It preprocesses as in training; repetition i uses `version~i` of sets with several splits. */
  readonly evaluation: RepeatedTraining;
}

export type TableRow = TeacherRow | NetworkRow;

/** The runs of a table, and how they are compared. */
export interface Table {
  readonly name: string;
  /** The question of the table, in a sentence. */
  readonly title: string;
  /** What differs between its rows: `loss`. */
  readonly varied: string;
  /** The row of each data set that the others are compared with. */
  readonly reference: string;
  readonly rows: readonly TableRow[];
  /** Corrections of the original's command lines, which have slips. */
  readonly corrections: readonly string[];
}
