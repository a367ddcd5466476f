/** A claim of the method, and what the kept runs say of it. */
export interface Finding {
  readonly claim: string;
  /** Sentences whose numbers come from records. */
  readonly says: readonly string[];
  /** What these runs cannot say. */
  readonly cannot: readonly string[];
}
