import type { NetworkConfiguration } from '../../configuration/types.js';
import type { Precision } from '../../configuration/names.js';
import type { Piece } from '../micro-batches.js';

/** The first message to a replica: the network it is to be and what computes it. */
export interface ReplicaStart {
  readonly network: NetworkConfiguration;
  /** Form of the network's weights. */
  readonly variant: 'keras' | 'torch';
  readonly engine: string;
  readonly precision: Precision;
}

/** What a replica is asked for, one request at a time. */
export type Request =
  | { readonly kind: 'start'; readonly start: ReplicaStart }
  /** New values of parameters and buffers, by their place among all. */
  | { readonly kind: 'variables'; readonly values: readonly (readonly [place: number, values: Values])[] }
  /** Embeds pieces, and keeps their pictures where they will be propagated. */
  | { readonly kind: 'embed'; readonly pieces: readonly Piece[]; readonly training: boolean; readonly keep: boolean }
  /** The gradient by the trainable parameters, given the loss's gradient at the rows of each kept piece. */
  | { readonly kind: 'propagate'; readonly upstream: readonly Float32Array[] }
  /** Drops the request under way, whose answer is then that it failed. */
  | { readonly kind: 'drop' };

export type Values = Float32Array | Int32Array;

/** What comes back: embeddings of the pieces, or gradients in the order of the trainable parameters. */
export type Reply =
  | { readonly kind: 'done'; readonly arrays: readonly Float32Array[] }
  | { readonly kind: 'failed'; readonly message: string; readonly outOfMemory?: string; readonly usage: boolean };
