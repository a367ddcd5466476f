import type { LossParameter, LossParameterValues } from './loss-parameters.js';

/** What a loss learns from. */
export type Supervision = 'triplets' | 'classes' | 'teachers';

/** How a loss reads one of its parameters. */
export interface ParameterUse {
  /** Does the loss need it, in every case or where another parameter has one of these values? */
  readonly required: boolean | { readonly [Key in LossParameter]?: readonly LossParameterValues[Key][] };
  /** Of the parameter's values, those that this loss takes. */
  readonly values?: readonly string[];
  /** This loss takes it above this only. */
  readonly above?: number;
  /** Why only these, as errors say it. */
  readonly reason?: string;
  /** What it means to this loss, where that is not what it means to all. */
  readonly description?: string;
}

/** What there is to know about a loss without computing it. */
export interface LossDeclaration {
  readonly supervision: Supervision;
  /** It is of distances of any scale: of the free rows of `Ordinal`, not of L2-normalised ones. */
  readonly anyScale?: true;
  readonly parameters: { readonly [Key in LossParameter]?: ParameterUse };
  readonly paper: string;
}
