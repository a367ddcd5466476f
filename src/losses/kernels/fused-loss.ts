import { unknown } from '../../errors.js';
import type { EmbeddingLoss, Supervision } from '../index.js';
import type { RandomStream } from '../../random/stream.js';
import { Batch } from './batch.js';
import * as classes from './classes.js';
import * as distillation from './distillation.js';
import type { FusedFactory, FusedFunction } from './fused.js';
import { LossMemory } from './kernels.js';
import { rkd } from './rkd.js';
import { stmr } from './stmr.js';

const losses = {
  contrastive: classes.contrastive,
  facenet: classes.facenet,
  infonce: classes.infonce,
  multi_similarity: classes.multiSimilarity,
  multi_similarity_original: classes.multiSimilarityOriginal,
  rkd,
  relaxed_contrastive: distillation.relaxedContrastive,
  relaxed_triplet: distillation.relaxedTriplet,
  relaxed_facenet: distillation.relaxedFacenet,
  relaxed_infonce: distillation.relaxedInfonce,
  relaxed_multisimilarity: distillation.relaxedMultisimilarity,
  stmr,
  mtt: distillation.mtt,
} satisfies Record<string, FusedFactory>;

/** Whether a loss of that `loss_type` has a fused form. */
export const hasFusedLoss = (name: string): boolean => Object.hasOwn(losses, name);

/**
 * A loss computed by the fused kernels, value and gradient in one pass, on one thread.
 *
 * The same numbers to rounding, and the same draws, as `TensorLoss` of the same stream. Its memory is some matrices of
 * n x n floats (with T teachers for rkd 2 T more, for mtt T) and is kept for the next call.
 */
export class FusedLoss implements EmbeddingLoss {
  private readonly loss: FusedFunction;
  private readonly memory = new LossMemory();

  /**
   * @param parameters under the keys of a configuration, @param stream what the loss draws from, if it draws
   * @throws UsageError for a name that has none, or parameters the loss does not know
   */
  constructor(
    name: string,
    parameters: Readonly<Record<string, unknown>>,
    private readonly stream?: RandomStream,
  ) {
    if (!hasFusedLoss(name)) throw unknown('loss_type', name, Object.keys(losses));
    this.loss = losses[name as keyof typeof losses](parameters as never, stream);
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.memory.bytes;
  }

  valueAndGradient(
    embeddings: Float32Array,
    n: number,
    d: number,
    supervision: Supervision,
  ): { value: number; gradient: Float32Array } {
    const batch = new Batch(this.memory, embeddings, n, d);
    const { sum, scale, by, pairGradients } = this.loss(batch, supervision);
    return { value: sum * scale, gradient: batch.gradient(by, pairGradients, scale) };
  }

  value(embeddings: Float32Array, n: number, d: number, supervision: Supervision): number {
    const { sum, scale } = this.loss(new Batch(this.memory, embeddings, n, d), supervision);
    return sum * scale;
  }

  state(): Uint32Array | undefined {
    return this.stream?.state();
  }

  restore(state: Uint32Array | undefined): void {
    if (state !== undefined) this.stream?.restore(state);
  }
}
