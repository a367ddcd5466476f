import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { UsageError, unknown } from '../errors.js';
import { packageRoot } from '../assets.js';
import { sources, type Source } from './locate.js';

const relativePath = z
  .string()
  .min(1)
  .refine((path) => !/^[/\\]|\\|(^|\/)\.\.(\/|$)|\0/.test(path), 'must be relative, without .. and backslashes');
const webAddress = z.string().regex(/^https?:\/\//, 'must begin with http:// or https://');

/** The known properties of a file's contents; null where unknown. */
const contents = {
  bytes: z.number().int().nonnegative().nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  /** The file's name in a git repository: SHA-1 of `blob SIZE\0` and the contents. */
  git_blob: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
};

/** The origin and the purpose of an entry. */
const about = {
  origin: z.string().min(1),
  needed_for: z.string().min(1),
  /** Nothing that is computed here depends on it. */
  optional: z.boolean().optional(),
  note: z.string().optional(),
};

const single = z.strictObject({ path: relativePath, ...contents, ...about, url: webAddress.optional() });

/** Several files: `*` stands for any name, or part of one. */
const pattern = z.strictObject({ pattern: relativePath, count: z.number().int().positive(), ...about });

/** An archive that may be downloaded and unpacked: `from` is a file in it, or a folder with `/` at its end. */
const archive = z.strictObject({
  url: webAddress,
  file: relativePath,
  format: z.enum(['zip', 'tar.gz', 'tar']),
  ...contents,
  take: z.array(z.strictObject({ from: z.string(), to: z.string() })).min(1),
  note: z.string().optional(),
});

const manifestSchema = z.strictObject({
  name: z.enum(sources),
  title: z.string().min(1),
  data_sets: z.array(z.string()),
  home: z.string().min(1),
  terms: z.string().min(1),
  citation: z.string().min(1),
  files: z.array(z.union([single, pattern])).min(1),
  archives: z.array(archive).optional(),
  /** How to get what the command cannot download, one action each. */
  steps: z.array(z.string().min(1)).min(1),
  notes: z.array(z.string()).optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = z.infer<typeof single>;
export type ManifestPattern = z.infer<typeof pattern>;
export type ManifestArchive = z.infer<typeof archive>;

/** The known properties of a file's contents. */
export type Contents = Pick<ManifestFile, 'bytes' | 'sha256' | 'md5' | 'git_blob'>;

/**
 * Reads `data-manifests/NAME.yaml`.
 *
 * @throws UsageError for an unknown name, or a manifest that is invalid, naming the key
 */
export function readManifest(name: string): Manifest {
  if (!sources.includes(name as Source)) throw unknown('data set', name, sources);
  const file = join(packageRoot(), 'data-manifests', `${name}.yaml`);
  if (!existsSync(file)) throw new UsageError(`missing file: ${file}; restore it from the project's repository`);
  return parseManifest(readFileSync(file, 'utf8'), file);
}

/** Parses the text of a manifest; `place` names it in errors. */
export function parseManifest(text: string, place: string): Manifest {
  let yaml: unknown;
  try {
    yaml = load(text);
  } catch (error) {
    throw new UsageError(`invalid ${place}: ${(error as Error).message.split('\n')[0]}`);
  }
  const parsed = manifestSchema.safeParse(yaml);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(`invalid ${place}: ${issue.path.join('.') || 'manifest'}: ${issue.message}`);
}

export function isPattern(entry: ManifestFile | ManifestPattern): entry is ManifestPattern {
  return 'pattern' in entry;
}
