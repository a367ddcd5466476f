import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { UsageError } from './errors.js';
import { fileError } from './file-errors.js';

/** Words for the error where a file has another content than this program writes. */
export interface StoredJsonWords {
  /** `run record` */
  readonly what: string;
  /** `remove it and run again` */
  readonly remedy: string;
}

/**
 * Reads a JSON file that this program wrote, and checks the shape that its readers rely on.
 *
 * @throws UsageError `invalid run record: FILE: epochs.3.metric: expected number; remove the folder and train again`
 */
export function readStoredJson<Content>(file: string, schema: z.ZodType, { what, remedy }: StoredJsonWords): Content {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(error, { verb: 'read', path: file });
    throw new UsageError(`invalid ${what}: ${file}: it is no JSON; ${remedy}`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return json as Content;
  const [issue] = parsed.error.issues;
  const place = issue.path.length === 0 ? '' : `${issue.path.join('.').slice(0, 100)}: `;
  const problem = issue.message.split('\n')[0].replace(/^Invalid input: /, '');
  throw new UsageError(`invalid ${what}: ${file}: ${place}${problem}; ${remedy}`);
}
