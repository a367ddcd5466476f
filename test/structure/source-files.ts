import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/assets.js';

/** A source file of src/ and what it imports. */
export interface SourceFile {
  /** From src/, as in `losses/rkd.ts`. */
  readonly path: string;
  readonly text: string;
  /** The files of src/ that it imports, types and `import()` included. */
  readonly imports: readonly string[];
  /** Those of them that it loads as soon as it is loaded itself. */
  readonly loads: readonly string[];
}

/** The folder of src/ in which a file lies, or its own name where it lies directly in src/. */
export const folderOf = (path: string): string =>
  path.includes('/') ? path.split('/', 1)[0] : path.replace(/\.ts$/, '');

const loadedAtOnce = (text: string, path: string): string[] =>
  ts
    .createSourceFile(path, text, ts.ScriptTarget.ES2022)
    .statements.flatMap((statement) => {
      if (ts.isExportDeclaration(statement))
        return statement.isTypeOnly || statement.moduleSpecifier === undefined ? [] : [statement.moduleSpecifier];
      if (!ts.isImportDeclaration(statement)) return [];
      const { importClause: clause } = statement;
      const named = clause?.namedBindings;
      const types =
        clause !== undefined &&
        (clause.isTypeOnly ||
          (clause.name === undefined &&
            named !== undefined &&
            ts.isNamedImports(named) &&
            named.elements.every(({ isTypeOnly }) => isTypeOnly)));
      return types ? [] : [statement.moduleSpecifier];
    })
    .map((specifier) => (specifier as ts.StringLiteral).text);

/** Every TypeScript and CommonJS file of src/, in a fixed order; AssemblyScript's are not among them. */
export function sourceFiles(): SourceFile[] {
  const root = join(packageRoot(), 'src');
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split('\\').join('/'))
    .filter((path) => /\.(ts|cjs)$/.test(path) && !/\/assembly\//.test(path))
    .sort();
  const known = new Set(paths);
  return paths.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const find = (specifiers: readonly string[]): string[] =>
      specifiers
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.normalize(posix.join(dirname(path), specifier)).replace(/\.js$/, '.ts'))
        .filter((target) => known.has(target));
    const all = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    return { path, text, imports: [...new Set(find(all))], loads: [...new Set(find(loadedAtOnce(text, path)))] };
  });
}

/** A function and how many lines it has of its own, without the functions that are declared in it. */
export interface FunctionLength {
  readonly name: string;
  readonly lines: number;
}

/** All functions and methods of a file; those of an expression, as arguments are, count to the one around them. */
export function functionsOf({ path, text }: SourceFile): FunctionLength[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: FunctionLength[] = [];
  const line = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  /** Lines of the named functions inside a node. */
  const visit = (node: ts.Node): number => {
    let inside = 0;
    ts.forEachChild(node, (child) => void (inside += visit(child)));
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return inside;
    const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
    if (named === undefined) return inside;
    const all = line(node.end) - line(node.getStart(source)) + 1;
    found.push({ name: `${path}:${named.getText(source)}`, lines: all - inside });
    return all;
  };
  visit(source);
  return found;
}
