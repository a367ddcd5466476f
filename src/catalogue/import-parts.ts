import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, Plugin } from 'esbuild';
import { builtFile } from '../assets.js';
import { UsageError } from '../errors.js';
import { registeringFrom } from './own-parts.js';

/** The environment variable that hands the modules with parts of one's own on to other processes. */
export const IMPORT_VARIABLE = 'TRIPLETLAB_IMPORT';

const imported = new Map<string, { readonly digest: string; readonly exports: unknown }>();

/**
 * Imports a module in TypeScript or JavaScript that registers parts of one's own, with the files that it imports.
 *
 * Parts are known by the module's path and a digest of these files, so that every process of a training has the same.
 * Processes that this one starts import it too.
 *
 * @param file a path, relative to the working directory
 * @returns what the module exports
 * @throws UsageError where it is missing or cannot be compiled or run
 */
export async function importParts(file: string): Promise<unknown> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`missing module: ${path}; correct the path after --import`);
  const { code, digest } = await bundled(path);
  const known = imported.get(path);
  if (known?.digest === digest) return known.exports;
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  try {
    const exports: unknown = await registeringFrom(path, digest, () => import(url));
    imported.set(path, { digest, exports });
    process.env[IMPORT_VARIABLE] = [...imported.keys()].join(delimiter);
    return exports;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot run ${path}: ${(error as Error).message}; correct the module`, { cause: error });
  }
}

/** Returns the arguments by which another process imports the same modules. */
export const importArguments = (): string[] => [...imported.keys()].map((file) => `--import=${file}`);

/** Imports the modules that the process that started this one has imported. */
export async function importPartsOfParent(): Promise<void> {
  for (const file of (process.env[IMPORT_VARIABLE] ?? '').split(delimiter)) if (file !== '') await importParts(file);
}

/** Compiles a module and the files that it imports into one; packages stay outside. */
async function bundled(path: string): Promise<{ readonly code: string; readonly digest: string }> {
  const { build } = await import('esbuild');
  const folder = dirname(path);
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [path],
      absWorkingDir: folder,
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(path).href) },
      plugins: [packagesOutside],
    });
    const hash = createHash('sha256');
    for (const name of Object.keys(metafile.inputs).sort())
      hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
    return { code: outputFiles[0].text, digest: hash.digest('hex').slice(0, 16) };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    const place = first.location === null ? path : `${first.location.file}:${first.location.line}`;
    throw new UsageError(`cannot compile ${place}: ${first.text.split('\n', 1)[0]}; correct the module`, {
      cause: error,
    });
  }
}

/** Returns the built file that a package of this program means, so that parts meet the tensors of this process. */
function ownFile(path: string): string | undefined {
  if (/^@tensorflow\/tfjs(-core)?$/.test(path)) return builtFile('tf.js');
  const [, part] = /^tripletlab(?:\/(.+))?$/.exec(path) ?? [path, null];
  return part === null ? undefined : builtFile(part ?? '', 'index.js');
}

const INSIDE = Symbol('resolved by esbuild');

/** Leaves packages outside: Node loads them, and those of this program are the instances that run. */
const packagesOutside: Plugin = {
  name: 'packages outside',
  setup({ onResolve, resolve: resolveByEsbuild }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === INSIDE) return undefined;
      const own = ownFile(path);
      if (own !== undefined) return { path: pathToFileURL(own).href, external: true };
      const found = await resolveByEsbuild(path, { kind, resolveDir, pluginData: INSIDE });
      if (found.errors.length > 0) return { errors: found.errors };
      return { path: found.external ? found.path : pathToFileURL(found.path).href, external: true };
    });
  },
};
