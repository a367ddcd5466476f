/** A claim of the method, and what the kept runs show about it. */
export interface Finding {
  readonly claim: string;
  /** Sentences whose numbers come from records. */
  readonly says: readonly string[];
  /** What these runs cannot show. */
  readonly cannot: readonly string[];
}
