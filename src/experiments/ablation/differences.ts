import { runSettings } from '../../training/index.js';
import type { Ablation, Variant } from './ablation.js';

/** A key that the resolved configurations of the values do not all have alike. */
export interface SettingDifference {
  /** With dots; of the students' teachers behind `teachers.`. */
  readonly key: string;
  /** By the name of each value; undefined where its configuration has no such key. */
  readonly values: Readonly<Record<string, string | undefined>>;
}

/** What a student learns from is named by the content of its teachers: it follows from them. */
const derived = 'dataset.source_embeddings_id';

/** Settings of a value on draw k that decide what comes out, as JSON. */
function settingsOf({ draws }: Variant, k: number): Map<string, string> {
  const { compared, teacher } = draws[k].configurations;
  const found = new Map([...runSettings(compared)].filter(([key]) => key !== derived));
  if (teacher === undefined) return found;
  for (const [key, value] of runSettings(teacher)) found.set(`teachers.${key}`, value);
  found.set('teachers.num_repetitions', String(teacher.num_repetitions));
  return found;
}

/** What the configurations differ in, as they were resolved, on each draw: one key, and nothing else, if all is well. */
export function variantDifferences({ variants, wanted }: Ablation): SettingDifference[] {
  const found = new Map<string, SettingDifference>();
  for (let k = 0; k < wanted.draws; k++) {
    const settings = variants.map((variant) => settingsOf(variant, k));
    for (const key of new Set(settings.flatMap((one) => [...one.keys()]))) {
      const values = settings.map((one) => one.get(key));
      if (new Set(values).size > 1)
        found.set(key, { key, values: Object.fromEntries(variants.map(({ name }, i) => [name, values[i]])) });
    }
  }
  return [...found.values()];
}
