import type { Learner, YieldPoint, Validation } from '../learner.js';

/** Models whose validation goes batch by batch. */
export interface BatchModels<Batch> extends Pick<
  Learner<Batch>,
  'models' | 'parameters' | 'state' | 'restore' | 'dispose'
> {
  train(batch: Batch): Promise<Float64Array>;
  validate(batch: Batch): Promise<Validation>;
}

/**
 * A learner whose validation is the mean over batches: of the loss as it is, of the metric by the batches' weights.
 *
 * @param weights one for each batch; the reference takes the plain mean
 */
export function batchLearner<Batch>(
  models: BatchModels<Batch>,
  batches: readonly Batch[],
  weights: readonly number[],
): Learner<Batch> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    models: models.models,
    train: (batch) => models.train(batch),
    async validate(yieldPoint: YieldPoint): Promise<Validation> {
      const loss = new Float64Array(models.models);
      const metric = new Float64Array(models.models);
      for (let i = 0; i < batches.length; i++) {
        const result = await models.validate(batches[i]);
        for (let model = 0; model < models.models; model++) {
          loss[model] += result.loss[model] / batches.length;
          metric[model] += (result.metric[model] * weights[i]) / total;
        }
        if (i % 64 === 63) await yieldPoint((i + 1) / batches.length);
      }
      return { loss, metric };
    },
    parameters: (model) => models.parameters(model),
    state: (model) => models.state(model),
    restore: (model, state) => {
      models.restore(model, state);
    },
    dispose: () => models.dispose(),
  };
}
