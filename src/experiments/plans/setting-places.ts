import { UsageError } from '../../errors.js';
import { configurationKeys } from '../../configuration/keys.js';
import type { PlanPart } from './plan-overrides.js';

/** Where a person wrote a setting: under which key, and in which file; none for the command line. */
export interface WrittenSetting {
  readonly key: string;
  readonly file: string | undefined;
}

/** The settings of one part of a plan, by where they come from. */
interface Sources {
  readonly part: PlanPart;
  /** The file of the configuration. */
  readonly configuration: string;
  /** The plan's file, and its own `key=value` for this part. */
  readonly plan: { readonly file: string; readonly overrides: readonly string[] };
  /** `key=value` and `teachers.key=value` of the command. */
  readonly given: readonly string[];
}

const keyOf = (override: string): string => override.slice(0, override.indexOf('='));
const escaped = (key: string): string => key.replaceAll('.', String.raw`\.`);
const wordOf = (key: string): RegExp => new RegExp(String.raw`(?<![\w.])${escaped(key)}(?![\w.])`);

/** Says where a person wrote the settings of a part of a plan, so that messages name what can be corrected. */
export class SettingPlaces {
  /** By key; of two the later holds, as in the configuration. */
  private readonly written = new Map<string, WrittenSetting>();

  constructor(private readonly sources: Sources) {
    const { part, plan, given } = sources;
    const own = `${part}.`;
    for (const key of plan.overrides.map(keyOf)) this.written.set(key, { key: own + key, file: plan.file });
    for (const key of given.map(keyOf))
      this.written.set(key.startsWith(own) ? key.slice(own.length) : key, { key, file: undefined });
  }

  /** Returns where a setting was written; by default in the configuration's file. */
  of(key: string): WrittenSetting {
    return this.written.get(key) ?? { key, file: this.sources.configuration };
  }

  /** Does what may throw an error about the settings of this part, and makes that error name what was written. */
  explain<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      if (error instanceof UsageError) error.message = this.explained(error.message);
      throw error;
    }
  }

  /**
   * Rewrites an error's message: `invalid teachers.dataset.batch_size: 250 in FILE; triplets need a multiple of 3`.
   *
   * @param ofConfiguration is a message about no written setting one about the configuration's file?
   */
  explained(message: string, { ofConfiguration = true } = {}): string {
    const [, head, rest] = /^([^;]*)(.*)$/s.exec(message)!;
    const key = [...this.written.keys()].find((one) => mentions(head, one));
    if (key === undefined) {
      if (!ofConfiguration) return message;
      const { configuration } = this.sources;
      const [, absent] = /^missing (\w+\.\w+) in /.exec(head) ?? [];
      const remedy = absent === undefined ? '' : `: add ${absent}=VALUE to the command`;
      return head.includes(configuration) ? message + remedy : `${head} in ${configuration}${rest}`;
    }
    const { key: name, file } = this.written.get(key)!;
    const place = file === undefined || head.includes(file) ? '' : ` in ${file}`;
    const prefix = name.endsWith(`.${key}`) ? name.slice(0, -key.length) : '';
    const suggested = rest.replace(/(?<=did you mean )[\w.]+(?=\?)/, (near) =>
      keys().has(near) ? prefix + near : near,
    );
    return `${head.replace(aliasIn(head, key), () => name)}${place}${suggested}`;
  }
}

let known: ReadonlySet<string> | undefined;
const keys = (): ReadonlySet<string> => (known ??= new Set(configurationKeys().map(({ key }) => key)));

/** Messages name a key whole, or at their beginning by its last word, or by its section where it is a name. */
function aliasIn(head: string, key: string): RegExp {
  if (wordOf(key).test(head)) return wordOf(key);
  const [section, last] = key.split('.');
  return new RegExp(`(?<=^(invalid|unknown) )${last === 'name' ? section : (last ?? key)}(?=: )`);
}

const mentions = (head: string, key: string): boolean => aliasIn(head, key).test(head);
