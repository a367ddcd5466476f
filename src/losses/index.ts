import type { ParameterValues } from '../catalogue/loss-checks.js';
import { losses, type LossesOf } from '../catalogue/losses.js';
import { isNameOf } from '../catalogue/names.js';
import { unknown } from '../errors.js';
import type { RandomStream } from '../random/stream.js';
import { ckl } from './ckl.js';
import { contrastive } from './contrastive.js';
import { doubleContrastive } from './double-contrastive.js';
import { doubleMargin } from './double-margin.js';
import { doubleMultisimilarity } from './double-multisimilarity.js';
import { facenet } from './facenet.js';
import { infonce } from './infonce.js';
import { TensorLoss } from './embedding-loss.js';
import type { ClassLoss, DistillationLoss, TripletLoss } from './loss.js';
import { mtt } from './mtt.js';
import { multiSimilarity } from './multi-similarity.js';
import { multiSimilarityOriginal } from './multi-similarity-original.js';
import { makeLoss, type Registry } from './registry.js';
import { relaxedContrastive } from './relaxed-contrastive.js';
import { relaxedFacenet } from './relaxed-facenet.js';
import { relaxedInfonce } from './relaxed-infonce.js';
import { relaxedMultisimilarity } from './relaxed-multisimilarity.js';
import { relaxedTriplet } from './relaxed-triplet.js';
import { rkd } from './rkd.js';
import { samplingMatters } from './sampling-matters.js';
import { soe } from './soe.js';
import { ste } from './ste.js';
import { stmr } from './stmr.js';
import { triplet } from './triplet.js';

export type { LossParameters, LossType } from '../catalogue/losses.js';
export type { ClassLoss, DistillationLoss, TripletLoss } from './loss.js';
export { TensorLoss, type EmbeddingLoss, type Supervision } from './embedding-loss.js';
export { ckl, doubleContrastive, doubleMargin, doubleMultisimilarity, soe, ste, triplet };
export { contrastive, facenet, infonce, multiSimilarity, multiSimilarityOriginal, samplingMatters };
export { mtt, relaxedContrastive, relaxedFacenet, relaxedInfonce, relaxedMultisimilarity, relaxedTriplet, rkd, stmr };

export type TripletLossName = LossesOf<'triplets'>;
export type ClassLossName = LossesOf<'classes'>;
export type DistillationLossName = LossesOf<'teachers'>;

/** The losses on labelled triplets, by their `loss_type`. */
export const tripletLosses: Registry<TripletLossName, boolean, TripletLoss> = {
  double_contrastive: doubleContrastive,
  double_margin: doubleMargin,
  double_multisimilarity: doubleMultisimilarity,
  ste,
  triplet,
  soe,
  ckl,
};

/** The losses on classes, by their `loss_type`. */
export const classLosses: Registry<ClassLossName, RandomStream | undefined, ClassLoss> = {
  contrastive,
  facenet,
  infonce,
  multi_similarity: multiSimilarity,
  multi_similarity_original: multiSimilarityOriginal,
  sampling_matters: samplingMatters,
};

/** The losses that distil from teachers, by their `loss_type`. */
export const distillationLosses: Registry<DistillationLossName, RandomStream | undefined, DistillationLoss> = {
  rkd,
  relaxed_contrastive: relaxedContrastive,
  relaxed_triplet: relaxedTriplet,
  relaxed_facenet: relaxedFacenet,
  relaxed_infonce: relaxedInfonce,
  relaxed_multisimilarity: relaxedMultisimilarity,
  stmr,
  mtt,
};

/**
 * Makes a loss on labelled triplets by its `loss_type`.
 *
 * @param parameters under the keys of a configuration; others are ignored
 * @throws UsageError for an unknown name, or parameters that the loss does not take
 */
export function makeTripletLoss(name: string, parameters: ParameterValues, directed: boolean): TripletLoss {
  return makeLoss(tripletLosses, name, parameters, directed);
}

/**
 * Makes a loss on classes by its `loss_type`.
 *
 * @param stream what `sampling_matters` draws from
 * @throws UsageError for an unknown name, parameters that the loss does not take, or a loss that draws without a stream
 */
export function makeClassLoss(name: string, parameters: ParameterValues, stream?: RandomStream): ClassLoss {
  return makeLoss(classLosses, name, parameters, stream);
}

/**
 * Makes a distillation loss by its `loss_type`.
 *
 * @param stream what `batch_mining` draws from
 * @throws UsageError as `makeClassLoss`
 */
export function makeDistillationLoss(
  name: string,
  parameters: ParameterValues,
  stream?: RandomStream,
): DistillationLoss {
  return makeLoss(distillationLosses, name, parameters, stream);
}

/**
 * Makes any loss by its `loss_type`, at the embeddings of a batch in host memory, computed by tensor operations.
 *
 * @param directed for losses on triplets: whether the triplets are directed
 * @param stream what the loss draws from, if it draws
 * @throws UsageError for an unknown name, a parameter the loss does not know, or a loss that draws without a stream
 */
export function tensorLoss(
  name: string,
  parameters: ParameterValues,
  directed: boolean,
  stream?: RandomStream,
): TensorLoss {
  if (!isNameOf(losses, name)) throw unknown('loss_type', name, Object.keys(losses));
  switch (losses[name].supervision) {
    case 'triplets':
      return new TensorLoss({ kind: 'triplets', loss: makeTripletLoss(name, parameters, directed) });
    case 'classes':
      return new TensorLoss({ kind: 'classes', loss: makeClassLoss(name, parameters, stream) }, stream);
    case 'teachers':
      return new TensorLoss({ kind: 'teachers', loss: makeDistillationLoss(name, parameters, stream) }, stream);
  }
}
