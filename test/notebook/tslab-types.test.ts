import test from 'ava';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type * as TypeScript from 'typescript';
import { packageRoot } from '../../src/assets.js';

const near = createRequire(createRequire(import.meta.url).resolve('tslab/package.json'));
// The compiler of the kernel is older than the project's: it infers less, and what it refuses no notebook can import.
const ts = near('@tslab/typescript-for-tslab') as typeof TypeScript;

function declarations(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }) as string[];
  return names.filter((name) => name.endsWith('.d.ts')).map((name) => join(folder, name));
}

test(`the declarations type-check in notebooks, with TypeScript ${ts.version}`, (t) => {
  const root = packageRoot();
  const files = declarations(join(root, 'dist'));
  t.true(files.length > 300);
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    strict: true,
    esModuleInterop: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  });
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(root, 'dist')));
  const found = own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  const problems = found.map(({ file, start, messageText }) => {
    const place = file
      ? `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}`
      : '';
    return `${place} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  t.deepEqual(problems, []);
});
