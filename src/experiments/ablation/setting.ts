import { parseOverride } from '../../configuration/overrides.js';
import { UsageError } from '../../errors.js';

/** A value of a setting: a scalar of YAML. */
export type SettingValue = string | number | boolean | null;

const draws = 'draws of all values differ in it alike';
const data = 'all values need the same items and questions; for fewer labels set dataset.num_training_triplets';
const measure = 'all values need the same measure';
const place = 'it says where things lie, not what they are';

/** Keys that would make a comparison unfair or empty, with the reason. */
const refused: Readonly<Record<string, string>> = {
  seed: draws,
  'run.id': draws,
  'run.draw': draws,
  'dataset.version': draws,
  'dataset.data_seed': draws,
  'dataset.different_splits': draws,
  offset_for_repetition: draws,
  'dataset.name': data,
  'dataset.num_items': data,
  'dataset.num_triplets': data,
  'dataset.answers_per_question': data,
  'dataset.directed': data,
  'dataset.temperature': data,
  'dataset.contradictions': data,
  'run.output_directory_name': place,
  'dataset.raw_data_directory_name': place,
  'dataset.data_directory_name': place,
  'dataset.source_embeddings_id': 'students learn from the teachers of their draw; set teachers.KEY for other teachers',
  'optimization.evaluate_globally': measure,
  'model.metric_mode': measure,
};

const repetitions: Readonly<Record<Trained, string>> = {
  teachers: 'there is one teacher for each draw',
  student: 'there is one student for each draw; teachers.num_repetitions is the number of teachers',
};

const TEACHERS = 'teachers.';

/** The training that an ablation compares. */
export type Trained = 'teachers' | 'student';

/** The setting that an ablation changes. */
export interface Setting {
  /** Its name as given: `model.embedding_size`, `teachers.model.tau`. */
  readonly name: string;
  /** Its key in the configuration. */
  readonly key: string;
  /** Does it belong to the students' teachers? */
  readonly ofTeachers: boolean;
}

/**
 * Parses the name of a setting. Whether a configuration has such a key shows later, when the configuration is loaded.
 *
 * @param train what is compared: teachers, or students, whose teachers' settings begin with `teachers.`
 * @throws UsageError of one line for a key that would make the comparison unfair
 */
export function parseSetting(name: string, train: Trained): Setting {
  const given = name.startsWith(TEACHERS);
  const key = given ? name.slice(TEACHERS.length) : name;
  const ofTeachers = given && train === 'student';
  parseOverride(`${key}=`);
  if (Object.hasOwn(refused, key)) throw new UsageError(`invalid setting: ${name}; ${refused[key]}`);
  if (key === 'num_repetitions' && !ofTeachers) throw new UsageError(`invalid setting: ${name}; ${repetitions[train]}`);
  return { name, key, ofTeachers };
}

/** Writes `key=value` so that YAML reads the same value back. */
export const overrideOf = (key: string, value: SettingValue): string => `${key}=${JSON.stringify(value)}`;

/**
 * Parses `model.embedding_size=32,8,4,2` into a setting and its values, each read as YAML.
 *
 * @throws UsageError where the text has another form
 */
export function parseSettingValues(text: string): { setting: string; values: SettingValue[] } {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`invalid setting: ${text}; write KEY=VALUE,VALUE,...`);
  const setting = text.slice(0, at);
  const values = text
    .slice(at + 1)
    .split(',')
    .map((one): SettingValue => {
      const { value } = parseOverride(`${setting}=${one}`);
      if (value === null || Number.isFinite(value) || ['string', 'boolean'].includes(typeof value))
        return value as SettingValue;
      throw new UsageError(`invalid value of ${setting}: ${one}; give a number, a word, true or false`);
    });
  return { setting, values };
}
