import type { NetworkConfiguration } from '../../configuration/types.js';
import type { Precision } from '../../catalogue/engines.js';
import type { Slot } from './exchange-file.js';

/** The first message to a replica: the network it is to be and what computes it. */
export interface ReplicaStart {
  readonly network: NetworkConfiguration;
  /** The names of its parameters, which tell its form. */
  readonly parameters: readonly string[];
  readonly engine: string;
  readonly precision: Precision;
}

/** What a replica is asked for, one request at a time; numbers go by mailbox. */
export type Request =
  | { readonly kind: 'start'; readonly start: ReplicaStart }
  /** New values of the parameters and buffers at these places among all. */
  | { readonly kind: 'variables'; readonly places: readonly number[] }
  /** Embeds micro-batches of so many rows, and keeps their pictures where they will be propagated. */
  | {
      readonly kind: 'embed';
      readonly rows: readonly number[];
      readonly size: number;
      readonly training: boolean;
      readonly keep: boolean;
    }
  /** The gradient by the trainable parameters, given the loss's gradient at the rows of each kept micro-batch. */
  | { readonly kind: 'propagate' };

/** A request with what lies in the mailbox for it, or word to drop the one under way: its answer is that it failed. */
export type Message = { readonly request: Request; readonly slots: readonly Slot[] } | { readonly drop: true };

/** What comes back: embeddings of the micro-batches, or gradients in the order of the trainable parameters. */
export type Reply =
  | { readonly kind: 'done'; readonly slots: readonly Slot[] }
  | { readonly kind: 'failed'; readonly message: string; readonly outOfMemory?: string; readonly usage: boolean };
