import type { ParameterValues } from '../catalogue/loss-checks.js';
import { losses } from '../catalogue/losses.js';
import { isNameOf } from '../catalogue/names.js';
import { unknown } from '../errors.js';
import type { RandomStream } from '../random/stream.js';
import { TensorLoss } from './embedding-loss.js';
import type { ClassLoss, DistillationLoss, TripletLoss } from './loss.js';
import { classLosses, distillationLosses, tripletLosses } from './registries.js';
import { makeLoss } from './registry.js';

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
