import type { Precision } from '../catalogue/engines.js';
import type { Packages } from './packages.js';

/** What computes tensors. */
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
  /** Whether the GPU is a program on the processor: right, but far too slow for networks of full size. */
  readonly software?: boolean;
  /** The engines that were passed over on the way to this one, and why. */
  readonly tried: { readonly name: string; readonly reason: string }[];
}

/** An engine that this machine may have. */
export interface EngineProvider {
  readonly gpu: boolean;
  /** Whether `engine: auto` may choose it. */
  readonly automatic: boolean;
  /**
   * Why `engine: auto` passes it over although it may work when asked for by name; undefined where it does not.
   *
   * @throws Error with the reason where it does not work here
   */
  skipReason?(packages: Packages): Promise<string | undefined>;
  /**
   * Loads the engine and makes its backend the one that computes.
   *
   * @throws Error with the reason where it does not work here
   */
  start(packages: Packages): Promise<StartedEngine>;
  /** Sets the precision of factors where there is a choice; those it has not are refused with an error. */
  setPrecision?(precision: Precision, packages: Packages): Promise<void>;
}

export type StartedEngine = Pick<Engine, 'backend' | 'version' | 'device' | 'threads' | 'software'>;
