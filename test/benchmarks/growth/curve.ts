/** What was measured at a size. */
export interface Measured {
  readonly seconds: number;
  readonly 'peak MiB': number;
  readonly [column: string]: string | number | undefined;
}

/** Something that grows. */
export interface Curve {
  readonly name: string;
  readonly measure: (size: number) => Promise<Measured>;
  /** It is measured up to this size. */
  readonly most: number;
}
