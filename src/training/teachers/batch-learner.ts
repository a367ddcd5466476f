import type { Learner, YieldPoint, Validation } from '../learner.js';

/** Models that are validated batch by batch. */
export interface BatchModels<Batch> extends Pick<
  Learner<Batch>,
  'models' | 'learningRate' | 'gradientNorms' | 'parameters' | 'state' | 'restore' | 'dispose'
> {
  train(batch: Batch): Promise<Float64Array>;
  validate(batch: Batch): Promise<Validation>;
}

/**
 * Makes a learner that validates by means over batches: the plain mean of the loss, the weighted mean of the metric.
 *
 * @param weights one for each batch; the original takes the plain mean
 */
export function batchLearner<Batch>(
  models: BatchModels<Batch>,
  batches: readonly Batch[],
  weights: readonly number[],
): Learner<Batch> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    models: models.models,
    get learningRate() {
      return models.learningRate;
    },
    set learningRate(rate) {
      models.learningRate = rate;
    },
    gradientNorms: () => models.gradientNorms?.(),
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
