import { open } from './open.js';

/** Holds what is known about a sampler of one's own; the built-in ones follow from the data set and have no name. */
export interface SamplerDeclaration {
  readonly description: string;
}

/** The samplers that `dataset.sampler` can name. */
export const samplers: Readonly<Record<string, SamplerDeclaration>> = open({});
