import type { NetworkConfiguration } from '../../configuration/types.js';
import type { Precision } from '../../catalogue/engines.js';
import type { Slot } from './exchange-file.js';

/** The first message to a replica: which network it computes, and on which engine. */
export interface ReplicaStart {
  readonly network: NetworkConfiguration;
  /** The names of its parameters, which tell its architecture. */
  readonly parameters: readonly string[];
  readonly engine: string;
  readonly precision: Precision;
}

/** A request to a replica, one at a time; arrays travel in the exchange file. */
export type Request =
  | { readonly kind: 'start'; readonly start: ReplicaStart }
  /** Brings new values of the parameters and buffers at these positions in the list of all. */
  | { readonly kind: 'variables'; readonly places: readonly number[] }
  /** Embeds micro-batches with these numbers of rows, and keeps their pictures if they will be propagated back. */
  | {
      readonly kind: 'embed';
      readonly rows: readonly number[];
      readonly size: number;
      readonly training: boolean;
      readonly keep: boolean;
    }
  /**
   * Asks for the gradient with respect to the trainable parameters, given the loss's gradient with respect to the
   * embeddings of each kept micro-batch.
   */
  | { readonly kind: 'propagate' };

/** A request and where its arrays lie, or the order to drop the request under way, which then fails. */
export type Message = { readonly request: Request; readonly slots: readonly Slot[] } | { readonly drop: true };

/** An answer: embeddings of the micro-batches, or gradients in the order of the trainable parameters. */
export type Reply =
  | { readonly kind: 'done'; readonly slots: readonly Slot[] }
  | { readonly kind: 'failed'; readonly message: string; readonly outOfMemory?: string; readonly usage: boolean };
