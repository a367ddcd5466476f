import { runSettings } from '../../training/index.js';
import type { Ablation, Variant } from './ablation.js';

/** A key whose value differs between the resolved configurations. */
export interface SettingDifference {
  /** The key with dots; those of the students' teachers begin with `teachers.`. */
  readonly key: string;
  /** The key's value for each value of the setting, by its name; undefined where a configuration lacks the key. */
  readonly values: Readonly<Record<string, string | undefined>>;
}

/**
 * The id of the embeddings that a student learns from. It follows from the teachers, so it is no separate difference.
 */
const derived = 'dataset.source_embeddings_id';

/** Returns the settings that decide the result, for a value on draw k: values as JSON. */
function settingsOf({ draws }: Variant, k: number): Map<string, string> {
  const { compared, teacher } = draws[k].configurations;
  const found = new Map([...runSettings(compared)].filter(([key]) => key !== derived));
  if (teacher === undefined) return found;
  for (const [key, value] of runSettings(teacher)) found.set(`teachers.${key}`, value);
  found.set('teachers.num_repetitions', String(teacher.num_repetitions));
  return found;
}

/** Finds the keys in which the resolved configurations differ, on each draw: normally the one that is varied. */
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
