import type { ParameterValues } from '../../catalogue/loss-checks.js';
import type { LossType } from '../../catalogue/losses.js';
import { isNameOf } from '../../catalogue/names.js';
import type { EmbeddingLoss, Supervision } from '../index.js';
import type { RandomStream } from '../../random/stream.js';
import { Batch } from './batch.js';
import * as classes from './class-losses.js';
import * as distillation from './distillation.js';
import type { FusedFunction } from './fused.js';
import { LossMemory } from './kernels.js';
import { makeLoss, type Registry } from '../registry.js';
import { rkd } from './rkd.js';
import { stmr } from './stmr.js';

const fusedLosses = {
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
} satisfies Partial<Registry<LossType, RandomStream | undefined, FusedFunction>>;
const registry: Registry<keyof typeof fusedLosses, RandomStream | undefined, FusedFunction> = fusedLosses;

/** Tells whether the loss of this `loss_type` has a fused form. */
export const hasFusedLoss = (name: string): boolean => isNameOf(fusedLosses, name);

/**
 * Computes a loss by the fused kernels, value and gradient in one pass, on one thread.
 *
 * With the same stream it gives the same draws and, up to rounding, the same numbers as `TensorLoss`. Its memory is
 * some matrices of n x n floats (for rkd with T teachers 2 T more, for mtt T more) and is kept for the next call.
 */
export class FusedLoss implements EmbeddingLoss {
  private readonly loss: FusedFunction;
  private readonly memory = new LossMemory();

  /**
   * @param parameters under the keys of a configuration, @param stream what the loss draws from, if it draws
   * @throws UsageError for a name without a fused form, or parameters the loss does not know
   */
  constructor(
    name: string,
    parameters: ParameterValues,
    private readonly stream?: RandomStream,
  ) {
    this.loss = makeLoss(registry, name, parameters, stream);
  }

  /** Returns the bytes of memory held. */
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
