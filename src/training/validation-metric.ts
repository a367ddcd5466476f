/** Measures embeddings that arrive batch by batch. */
export interface Measure {
  /** Adds a batch. @param embeddings `[n, d]` of the items */
  add(embeddings: Float32Array, items: Int32Array): void;
  value(): number;
}

export interface ValidationMetric {
  begin(size: number): Measure;
}

/** Computes a metric on the embeddings `[n, d]` of items. */
export type MetricOfRows = (embeddings: Float32Array, size: number, items: Int32Array) => number;

/**
 * Takes the mean over batches, each weighted by its rows or (as the original does) equally. Batches in which nothing
 * counts have the value NaN and are left out.
 */
export const batchwise = (metric: MetricOfRows, weighted: boolean): ValidationMetric => ({
  begin(size) {
    let [sum, total] = [0, 0];
    return {
      add(embeddings, items) {
        const value = metric(embeddings, size, items);
        if (Number.isNaN(value)) return;
        const weight = weighted ? items.length : 1;
        sum += weight * value;
        total += weight;
      },
      value: () => sum / total,
    };
  },
});

/** Computes the metric of all rows at once. */
export const globally = (metric: MetricOfRows): ValidationMetric => ({
  begin(size) {
    const parts: Float32Array[] = [];
    const items: Int32Array[] = [];
    return {
      add(embeddings, ofBatch) {
        parts.push(embeddings);
        items.push(ofBatch);
      },
      value() {
        const count = items.reduce((sum, part) => sum + part.length, 0);
        const all = new Float32Array(count * size);
        const allItems = new Int32Array(count);
        let at = 0;
        parts.forEach((part, i) => {
          all.set(part, at * size);
          allItems.set(items[i], at);
          at += items[i].length;
        });
        return metric(all, size, allItems);
      },
    };
  },
});
