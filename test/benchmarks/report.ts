/** What a benchmark found. */
export interface Report {
  readonly rows: readonly Row[];
  /** What was left out and why, which programs stood beside ours. */
  readonly notes: readonly string[];
}

/** Values by column; absent where they could not be measured. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/** `key=value` options of the command line. */
export type Options = Readonly<Partial<Record<string, string>>>;

/** Measures something. */
export type Benchmark = (options: Options) => Report | Promise<Report>;
