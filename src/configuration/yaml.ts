import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  load,
  NOT_RESOLVED,
  Schema,
  YAMLException,
} from 'js-yaml';
import { UsageError } from '../errors.js';
import { bare } from './display.js';

const digits = (source: string) => Number(source.replaceAll('_', ''));

/**
 * Reads integers as OmegaConf does, but none with leading zeros.
 *
 * In YAML 1.1 `0111` is octal (73), in YAML 1.2 it is 111: here it stays a text, which the schema refuses or, as an id,
 * keeps.
 */
const integerTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  resolve: (source) => {
    if (/^[-+]?(0|[1-9][0-9_]*)$/.test(source)) return digits(source);
    return /^0x[0-9a-fA-F][0-9a-fA-F_]*$|^0b[01][01_]*$/.test(source) ? digits(source) : NOT_RESOLVED;
  },
  identify: (value) => intCoreTag.identify(value),
  represent: (value) => intCoreTag.represent(value),
});

/** Reads floats as OmegaConf does: also `1e-3`, which is a text in YAML 1.1, and `1_000.5`; `.inf`, `.nan`. */
const floatTag = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  resolve: (source) => {
    if (/^[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?$/.test(source)) return digits(source);
    if (/^[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+$/.test(source)) return digits(source);
    if (/^[-+]?\.(inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
    return /^\.(nan|NaN|NAN)$/.test(source) ? NaN : NOT_RESOLVED;
  },
  identify: (value) => floatCoreTag.identify(value),
  represent: (value) => floatCoreTag.represent(value),
});

/** YAML's core schema with OmegaConf's numbers and with `yes`, `no`, `on`, `off`; no types of programming languages. */
export const yamlSchema = new Schema([...CORE_SCHEMA.tags, boolYaml11Tag, integerTag, floatTag]);

/**
 * Parses a YAML text; an empty one, or only whitespace, is null.
 *
 * @param name names the text in the error
 * @throws UsageError with the line number, also for a key that a mapping has twice
 */
export function parseYaml(text: string, name: string): unknown {
  if (text.trim() === '') return null;
  try {
    return load(text, { schema: yamlSchema, maxAliases: 0, maxDepth: 20 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? '' : `, line ${error.mark.line + 1}`;
    const duplicate =
      error.mark && error.reason === 'duplicated mapping key' ? keyAt(text, error.mark.line) : undefined;
    throw new UsageError(
      duplicate === undefined
        ? `invalid YAML in ${bare(name)}${line}: ${error.reason.replace(/\s+/g, ' ')}`
        : `duplicate key: ${bare(duplicate)} in ${bare(name)}${line}; keep one of the two`,
    );
  }
}

/** Returns the key at the start of a line, as far as the line alone shows. */
function keyAt(text: string, line: number): string {
  const content = text.split(/\r\n|\r|\n/)[line] ?? '';
  return content.split(':', 1)[0].trim();
}
