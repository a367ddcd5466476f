import { unknown, UsageError } from '../errors.js';
import { bare, show } from './display.js';
import { models } from '../catalogue/models.js';
import { isNameOf } from '../catalogue/names.js';
import { networkSection } from './schema/model.js';
import type { NetworkConfiguration } from './types.js';

/** A model and the checkpoint with its weights. */
export interface ModelUri {
  readonly network: NetworkConfiguration;
  /** Path of the checkpoint, as given. */
  readonly file: string;
}

/** Longest range of runs; a longer one is a typing error. */
const LONGEST_RANGE = 10_000;

/** Parses a value: a number, a boolean, null for `None` and `null`, else the text. */
function parseValue(text: string): number | string | boolean | null {
  if (text === 'None' || text === 'null') return null;
  if (/^true$/i.test(text)) return true;
  return /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * Parses `Name,key:value,.../path`, as in
 * `Psycho,embedding_size:128,beta:0.0/modeling/runs/run-0111/checkpoint-best.pth`.
 *
 * The path starts after the first slash, so that before an absolute path there are two.
 *
 * @throws UsageError for an unknown model or key, a value of the wrong type, or where a part is missing
 */
export function parseModelUri(uri: string): ModelUri {
  const slash = uri.indexOf('/');
  const file = uri.slice(slash + 1);
  if (slash < 0 || file === '')
    throw new UsageError(`invalid model URI: ${bare(uri)}; write Name,key:value,.../path of the checkpoint`);
  const [name, ...tokens] = uri.slice(0, slash).split(',');
  if (!isNameOf(models, name)) throw unknown('model', bare(name), Object.keys(models));
  const values = new Map<string, unknown>([['name', name]]);
  const keys = Object.keys(networkSection.shape).filter((key) => key !== 'name');
  for (const token of tokens) {
    const colon = token.indexOf(':');
    if (colon < 1) throw new UsageError(`invalid model URI: ${bare(uri)}; write ${bare(token)} as key:value`);
    const key = token.slice(0, colon);
    if (!keys.includes(key)) throw unknown('key of a model URI', bare(key), keys);
    if (values.has(key)) throw new UsageError(`invalid model URI: ${bare(uri)}; ${key} is given twice`);
    values.set(key, parseValue(token.slice(colon + 1)));
  }
  const parsed = networkSection.safeParse(Object.fromEntries(values));
  if (parsed.success) return { network: parsed.data, file };
  const [issue] = parsed.error.issues;
  const key = String(issue.path[0]);
  if (!values.has(key)) throw new UsageError(`missing ${key} in model URI ${bare(uri)}; ${issue.message}`);
  const remedy = issue.code === 'invalid_value' ? `one of ${issue.values.join(', ')}` : issue.message;
  throw new UsageError(`invalid ${key}: ${show(values.get(key))} in model URI ${bare(uri)}; ${remedy}`);
}

/**
 * Expands a range of runs into URIs: `run-0111..0115` gives five; a URI without a range is returned as it is.
 *
 * @throws UsageError for a range that ends before it starts or is longer than 10,000, and for two ranges
 */
export function expandRunRange(uri: string): string[] {
  const ranges = [...uri.matchAll(/run-(\d{4,})\.\.(\d{4,})/g)];
  if (ranges.length === 0) return [uri];
  const [range, first, last] = ranges[0];
  if (ranges.some(([other]) => other !== range))
    throw new UsageError(`invalid model URI: ${bare(uri)}; give only one range of runs`);
  const count = Number(last) - Number(first) + 1;
  if (!(count >= 1 && count <= LONGEST_RANGE))
    throw new UsageError(
      `invalid model URI: ${bare(uri)}; write a rising range of at most 10,000 runs, such as run-0111..0115`,
    );
  return Array.from({ length: count }, (_, i) => uri.replaceAll(range, runName(Number(first) + i)));
}

/** Returns the name of a run's folder: `run-0111` for 111. */
export function runName(id: number): string {
  return `run-${String(id).padStart(4, '0')}`;
}
