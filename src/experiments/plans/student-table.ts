import type { TripletDataset } from '../../datasets/index.js';
import { compareOnTriplets, embedAtStart, embedRun, type ItemEmbeddings } from '../../evaluation/index.js';
import type { RunRecord } from '../../training/index.js';

/**
 * Evaluates students on the test triplets of a data set. Each row has FCT before training and at the best epoch, and
 * the gain; FCT and gain have standard errors over pictures. The last row has the features of the first student's
 * network, without new layers.
 *
 * @param students runs that started from the same weights
 * @param base where relative folders of the runs start
 */
export async function studentTable(
  students: readonly RunRecord[],
  dataset: TripletDataset,
  base: string,
): Promise<Record<string, string | number>[]> {
  const { directed, triplets, instances } = dataset;
  const items = instances.test;
  const compare = (...models: ItemEmbeddings[]) => compareOnTriplets(models, triplets.test, directed);
  const rows: Record<string, string | number>[] = [];
  for (const record of students) {
    const { configuration, best, epochs } = record;
    const [start, end] = compare(
      await embedAtStart(configuration, dataset, { items }),
      await embedRun(record, dataset, { base, items }),
    );
    rows.push({
      student: configuration.model.loss_type,
      epochs: epochs.length,
      ...(best && { 'best epoch': best.epoch, 'agreement, validation': best.value }),
      'FCT, start': start.fct.mean,
      'FCT, end': end.fct.mean,
      'standard error': end.fct.error,
      gain: end.gain.mean,
      'error of the gain': end.gain.error,
    });
  }
  const [first] = students;
  const [{ fct }] = compare(await embedAtStart(first.configuration, dataset, { items, part: 'features' }));
  rows.push({ student: 'features, not trained', epochs: 0, 'FCT, end': fct.mean, 'standard error': fct.error });
  return rows;
}
