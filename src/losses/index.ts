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

export type { ClassLoss, DistillationLoss, TripletLoss } from './loss.js';
export { TensorLoss, type EmbeddingLoss, type Supervision } from './embedding-loss.js';
export { ckl, doubleContrastive, doubleMargin, doubleMultisimilarity, soe, ste, triplet };
export { contrastive, facenet, infonce, multiSimilarity, multiSimilarityOriginal, samplingMatters };
export { mtt, relaxedContrastive, relaxedFacenet, relaxedInfonce, relaxedMultisimilarity, relaxedTriplet, rkd, stmr };

/** The losses on labelled triplets, by their `loss_type`. */
export const tripletLosses = {
  double_contrastive: doubleContrastive,
  double_margin: doubleMargin,
  double_multisimilarity: doubleMultisimilarity,
  ste,
  triplet,
  soe,
  ckl,
} satisfies Record<string, (parameters: never, directed: boolean) => TripletLoss>;

/** The losses on classes, by their `loss_type`. */
export const classLosses = {
  contrastive,
  facenet,
  infonce,
  multi_similarity: multiSimilarity,
  multi_similarity_original: multiSimilarityOriginal,
  sampling_matters: samplingMatters,
} satisfies Record<string, (parameters: never, stream?: RandomStream) => ClassLoss>;

/** The losses that distil from teachers, by their `loss_type`. */
export const distillationLosses = {
  rkd,
  relaxed_contrastive: relaxedContrastive,
  relaxed_triplet: relaxedTriplet,
  relaxed_facenet: relaxedFacenet,
  relaxed_infonce: relaxedInfonce,
  relaxed_multisimilarity: relaxedMultisimilarity,
  stmr,
  mtt,
} satisfies Record<string, (parameters: never, stream?: RandomStream) => DistillationLoss>;

export type TripletLossName = keyof typeof tripletLosses;
export type ClassLossName = keyof typeof classLosses;
export type DistillationLossName = keyof typeof distillationLosses;

/** A loss's margins and so on, under the keys of a configuration; others are ignored. */
type Parameters = Readonly<Record<string, unknown>>;

/**
 * The loss of that `loss_type`.
 *
 * @throws UsageError for an unknown name
 */
export function makeTripletLoss(name: string, parameters: Parameters, directed: boolean): TripletLoss {
  if (!Object.hasOwn(tripletLosses, name)) throw unknown('loss_type', name, Object.keys(tripletLosses));
  return tripletLosses[name as TripletLossName](parameters as never, directed);
}

/**
 * The loss of that `loss_type`.
 *
 * @param stream what `sampling_matters` draws from
 * @throws UsageError for an unknown name, or where the loss draws and there is no stream
 */
export function makeClassLoss(name: string, parameters: Parameters, stream?: RandomStream): ClassLoss {
  if (!Object.hasOwn(classLosses, name)) throw unknown('loss_type', name, Object.keys(classLosses));
  return classLosses[name as ClassLossName](parameters as never, stream);
}

/**
 * The loss of that `loss_type`.
 *
 * @param stream what `batch_mining` draws from
 * @throws UsageError for an unknown name, a parameter the loss does not know, or where it draws and there is no stream
 */
export function makeDistillationLoss(name: string, parameters: Parameters, stream?: RandomStream): DistillationLoss {
  if (!Object.hasOwn(distillationLosses, name)) throw unknown('loss_type', name, Object.keys(distillationLosses));
  return distillationLosses[name as DistillationLossName](parameters as never, stream);
}

/**
 * Any loss, by its `loss_type`, at the embeddings of a batch in host memory, computed by tensor operations.
 *
 * @param directed of the losses on triplets
 * @param stream what the loss draws from, if it draws
 * @throws UsageError for an unknown name, a parameter the loss does not know, or where it draws and there is no stream
 */
export function tensorLoss(name: string, parameters: Parameters, directed: boolean, stream?: RandomStream): TensorLoss {
  if (Object.hasOwn(tripletLosses, name))
    return new TensorLoss({ kind: 'triplets', loss: makeTripletLoss(name, parameters, directed) });
  if (Object.hasOwn(classLosses, name))
    return new TensorLoss({ kind: 'classes', loss: makeClassLoss(name, parameters, stream) }, stream);
  if (Object.hasOwn(distillationLosses, name))
    return new TensorLoss({ kind: 'teachers', loss: makeDistillationLoss(name, parameters, stream) }, stream);
  throw unknown('loss_type', name, [tripletLosses, classLosses, distillationLosses].flatMap(Object.keys));
}
