import type { RunRecord } from '../../training/index.js';

/** Returns the settings of a data set that decide which items and labels there are. */
function dataOf({ configuration }: RunRecord): string {
  const { name, version, directed, num_items, num_triplets, num_training_triplets, data_seed } = configuration.dataset;
  const { answers_per_question } = configuration.dataset;
  return JSON.stringify([
    name,
    version,
    directed,
    num_items,
    num_triplets,
    answers_per_question,
    num_training_triplets,
    data_seed,
  ]);
}

/**
 * Finds runs of one table whose data are the same by settings but differ in content.
 *
 * @returns a line for each such kind of data
 */
export function mixedData(records: readonly RunRecord[]): string[] {
  const groups = new Map<string, Map<string, RunRecord>>();
  for (const record of records) {
    const { labels, pictures } = record.inputs ?? {};
    if (labels === undefined) continue;
    const contents = groups.get(dataOf(record)) ?? new Map<string, RunRecord>();
    groups.set(dataOf(record), contents);
    // teachers use no pictures
    const content = `labels ${labels}${pictures === undefined ? '' : `, pictures ${pictures}`}`;
    if (!contents.has(content)) contents.set(content, record);
  }
  return [...groups.values()].flatMap((contents) => {
    if (contents.size < 2) return [];
    const [{ configuration }] = contents.values();
    const shown = [...contents].map(([content, { name }]) => `${name}: ${content}`).join('; ');
    return [
      `runs on different data under one name, ${configuration.dataset.name} ${configuration.dataset.version}: ${shown}`,
    ];
  });
}
