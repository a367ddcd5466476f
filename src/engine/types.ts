import type { Precision } from '../catalogue/engines.js';
import type { Packages } from './packages.js';

/** Describes what computes tensors. */
export interface Engine {
  /** The name that configurations choose it by. */
  readonly name: string;
  /** The name of TensorFlow.js's backend. */
  readonly backend: string;
  readonly version: string;
  readonly device: string;
  readonly gpu: boolean;
  readonly threads: number;
  readonly precision: Precision;
  /** Whether the GPU is emulated on the processor: results are right, but full-size networks take far too long. */
  readonly software?: boolean;
  /** The engines that were tried before this one and passed over, and why. */
  readonly skipped: { readonly name: string; readonly reason: string }[];
}

/** Starts an engine that this machine may have. */
export interface EngineProvider {
  readonly gpu: boolean;
  /** Whether `engine: auto` may choose it. */
  readonly automatic: boolean;
  /**
   * Returns why `engine: auto` passes it over although it may work when asked for by name; undefined if it is not
   * passed over.
   *
   * @throws Error with the reason where it does not work here
   */
  skipReason?(packages: Packages): Promise<string | undefined>;
  /**
   * Loads the engine and makes its backend the active one.
   *
   * @throws Error with the reason where it does not work here
   */
  start(packages: Packages): Promise<StartedEngine>;
  /** Sets the precision of factors where there is a choice; throws for a precision that the engine lacks. */
  setPrecision?(precision: Precision, packages: Packages): Promise<void>;
}

export type StartedEngine = Pick<Engine, 'backend' | 'version' | 'device' | 'threads' | 'software'>;
