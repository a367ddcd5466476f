import type { LossParameter, LossParameterValues } from './loss-parameters.js';

/** Is what a loss learns from. */
export type Supervision = 'triplets' | 'classes' | 'teachers';

/** Says how a loss reads one of its parameters. */
export interface ParameterUse {
  /** Whether the loss needs it: always, never, or if another parameter has one of these values. */
  readonly required: boolean | { readonly [Key in LossParameter]?: readonly LossParameterValues[Key][] };
  /** The values of the parameter that this loss takes (default: all). */
  readonly values?: readonly string[];
  /** This loss takes only values above this. */
  readonly above?: number;
  /** Why it takes only these, as errors say it. */
  readonly reason?: string;
  /** What the parameter means for this loss, if that differs from its general meaning. */
  readonly description?: string;
}

/** Holds what is known about a loss without computing it. */
export interface LossDeclaration {
  readonly supervision: Supervision;
  /** Set if the loss takes distances of any scale: those of the free rows of `Ordinal`, not of L2-normalised rows. */
  readonly anyScale?: true;
  readonly parameters: { readonly [Key in LossParameter]?: ParameterUse };
  readonly paper: string;
}
