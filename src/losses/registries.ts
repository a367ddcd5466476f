import type { LossesOf } from '../catalogue/losses.js';
import { open } from '../catalogue/open.js';
import type { RandomStream } from '../random/stream.js';
import { ckl } from './ckl.js';
import { contrastive } from './contrastive.js';
import { doubleContrastive } from './double-contrastive.js';
import { doubleMargin } from './double-margin.js';
import { doubleMultisimilarity } from './double-multisimilarity.js';
import { facenet } from './facenet.js';
import { infonce } from './infonce.js';
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
import type { ClassLoss, DistillationLoss, TripletLoss } from './loss.js';
import type { Registry } from './registry.js';

// The built-in losses, which none can replace. `register` adds those of one's own.

export type TripletLossName = LossesOf<'triplets'>;
export type ClassLossName = LossesOf<'classes'>;
export type DistillationLossName = LossesOf<'teachers'>;

/** The losses on labelled triplets, by their `loss_type`. */
export const tripletLosses: Registry<TripletLossName, boolean, TripletLoss> = open({
  double_contrastive: doubleContrastive,
  double_margin: doubleMargin,
  double_multisimilarity: doubleMultisimilarity,
  ste,
  triplet,
  soe,
  ckl,
});

/** The losses on classes, by their `loss_type`. */
export const classLosses: Registry<ClassLossName, RandomStream | undefined, ClassLoss> = open({
  contrastive,
  facenet,
  infonce,
  multi_similarity: multiSimilarity,
  multi_similarity_original: multiSimilarityOriginal,
  sampling_matters: samplingMatters,
});

/** The losses that distil from teachers, by their `loss_type`. */
export const distillationLosses: Registry<DistillationLossName, RandomStream | undefined, DistillationLoss> = open({
  rkd,
  relaxed_contrastive: relaxedContrastive,
  relaxed_triplet: relaxedTriplet,
  relaxed_facenet: relaxedFacenet,
  relaxed_infonce: relaxedInfonce,
  relaxed_multisimilarity: relaxedMultisimilarity,
  stmr,
  mtt,
});
