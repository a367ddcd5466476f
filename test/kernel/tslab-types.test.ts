import test from 'ava';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type * as TypeScript from 'typescript';
import { packageRoot } from '../../src/paths.js';

const near = createRequire(createRequire(import.meta.url).resolve('tslab/package.json'));
// The compiler of the kernel is older than the project's: it infers less, and what it refuses no notebook can import.
const ts = near('@tslab/typescript-for-tslab') as typeof TypeScript;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'assembly' ? [] : sources(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

test(`the sources type-check in notebooks, with TypeScript ${ts.version}`, (t) => {
  const root = packageRoot();
  const program = ts.createProgram(sources(join(root, 'src')), {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    strict: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    allowJs: true,
    checkJs: true,
    declaration: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const place = file
      ? `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}`
      : '';
    return `${place} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  t.deepEqual(problems, []);
});
