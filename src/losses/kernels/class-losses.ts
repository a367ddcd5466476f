import type { LossParameters } from '../../catalogue/losses.js';
import type { Supervision } from '../embedding-loss.js';
import { classesOf } from '../shared/supervision.js';
import type { Batch } from './batch.js';
import { EPSILON } from './distillation.js';
import type { FusedFunction } from './fused.js';
import type { Matrix } from './kernels.js';

interface ClassPairs {
  readonly same: Matrix;
  readonly different: Matrix;
}

/** Marks pairs of one class (with or without the item itself) and pairs of two classes by 1, others by 0. */
function classPairs(batch: Batch, supervision: Supervision, withItself = false): ClassPairs {
  const { kernels, memory, n, width } = batch;
  const [same, different, classes] = [batch.matrix(), batch.matrix(), batch.scratch(1)];
  memory.integers(classes, n).set(classesOf(supervision, n));
  kernels.classPairs(classes, n, width, withItself, same, different);
  return { same, different };
}

/** Makes the fused form of the loss of the same name in src/losses. */
export const contrastive =
  ({ margin_positive, margin_negative }: LossParameters<'contrastive'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { same, different } = classPairs(batch, supervision);
    const [distances, pairGradients] = [batch.distances(), batch.matrix()];
    const sum = kernels.contrastive(
      distances,
      same,
      different,
      n,
      width,
      margin_positive,
      margin_negative,
      pairGradients,
    );
    kernels.bySquares(distances, n, width, pairGradients);
    return { sum, scale: 1 / (n * (n - 1) + EPSILON), by: 'squares', pairGradients };
  };

/** Makes the fused form of the loss of the same name in src/losses. */
export const facenet =
  ({ margin }: LossParameters<'facenet'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { same, different } = classPairs(batch, supervision);
    const [distances, pairGradients, scratch] = [batch.distances(), batch.matrix(), batch.scratch(3)];
    const sum = kernels.semihardByPairs(
      distances,
      same,
      different,
      same,
      n,
      width,
      margin,
      true,
      0,
      pairGradients,
      scratch,
    );
    kernels.bySquares(distances, n, width, pairGradients);
    return { sum, scale: 1 / (kernels.sum(same, n, width) + EPSILON), by: 'squares', pairGradients };
  };

/** Makes the fused form of the loss of the same name in src/losses. */
export const infonce =
  ({ tau }: LossParameters<'infonce'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { same, different } = classPairs(batch, supervision);
    const pairGradients = batch.matrix();
    const sum = kernels.nce(
      batch.similarities(),
      same,
      different,
      n,
      width,
      tau,
      -10,
      0,
      pairGradients,
      batch.scratch(2),
    );
    return { sum, scale: 1 / (kernels.sum(same, n, width) + EPSILON), by: 'similarities', pairGradients };
  };

const multiSimilarityOf =
  (strict: boolean) =>
  ({ margin, alpha, beta }: LossParameters<'multi_similarity'>): FusedFunction =>
  (batch, supervision) => {
    const { kernels, n, width } = batch;
    const { same, different } = classPairs(batch, supervision, strict);
    const [products, pairGradients, scratch] = [batch.similarities(), batch.matrix(), batch.scratch(1)];
    const sum = kernels.multiSimilarity(products, same, different, n, width, margin, alpha, beta, strict, pairGradients, scratch); // prettier-ignore
    return { sum, scale: 1 / n, by: 'similarities', pairGradients };
  };

/** Makes the fused form of the loss of the same name in src/losses. */
export const multiSimilarity = multiSimilarityOf(false);

/** Makes the fused form of the loss of the same name in src/losses. */
export const multiSimilarityOriginal = multiSimilarityOf(true);
