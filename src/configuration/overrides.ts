import { UsageError } from '../errors.js';
import { bare, show } from './display.js';
import { parseYaml } from './yaml.js';

/** A `key=value` override, parsed. */
export interface Override {
  /** The key with its dots, as given. */
  readonly key: string;
  readonly value: unknown;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Splits `dataset.batch_size=60` at the first `=`; the value is read as YAML, an empty one is null.
 *
 * @throws UsageError without `=`, without a key, or where the value is no YAML
 */
export function parseOverride(text: string): Override {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`invalid override: ${bare(text)}; write key=value`);
  const key = text.slice(0, at);
  if (!/^\w+(\.\w+)*$/.test(key))
    throw new UsageError(`invalid override: ${bare(text)}; write key=value with a key such as dataset.batch_size`);
  return { key, value: parseYaml(text.slice(at + 1), `override ${key}`) };
}

/**
 * Returns a copy of a configuration with overrides. Missing sections are made; a key's last value wins.
 *
 * @throws UsageError where a part of a key before the last is no section
 */
export function applyOverrides(
  configuration: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
): Record<string, unknown> {
  const result = structuredClone(configuration);
  for (const { key, value } of overrides) {
    const path = key.split('.');
    const last = path.pop()!;
    let section: Record<string, unknown> = result;
    path.forEach((name, depth) => {
      if (!Object.hasOwn(section, name) || section[name] === null) setOwn(section, name, {});
      const next = section[name];
      if (!isMapping(next))
        throw new UsageError(
          `invalid override: ${key}=${show(value)}; ${path.slice(0, depth + 1).join('.')} is ${show(next)}, not a section`,
        );
      section = next;
    });
    setOwn(section, last, value);
  }
  return result;
}

/** Sets a key as an own property whatever its name, even `__proto__`. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Command-line arguments that name a configuration and change it. */
export interface ConfigurationArguments {
  readonly file: string;
  readonly overrides: readonly string[];
}

const FILE_KEY = 'configuration_file_name';

/**
 * Separates arguments into the configuration's file and the overrides.
 *
 * The file is the argument without `=`, or the value of `configuration_file_name=`; if the latter is given twice, the
 * last one wins.
 *
 * @throws UsageError where no file is given, or two different ones
 */
export function configurationArguments(args: readonly string[]): ConfigurationArguments {
  const prefix = `${FILE_KEY}=`;
  const named = args.filter((arg) => arg.startsWith(prefix)).map((arg) => arg.slice(prefix.length));
  const rest = args.filter((arg) => !arg.startsWith(prefix));
  const positional = rest.filter((arg) => !arg.includes('='));
  const files = new Set([...positional, ...named.slice(-1)]);
  if (files.size > 1) {
    const [first, second] = files;
    throw new UsageError(`two configurations: ${bare(first)} and ${bare(second)}; give one, and changes as key=value`);
  }
  const [file] = files;
  if (file === undefined || file === '')
    throw new UsageError('missing configuration; give its file, such as configurations/things/things_p_ste.yaml');
  return { file, overrides: rest.filter((arg) => arg.includes('=')) };
}
