'use strict';
/** Finds code that awaits outside of every function: a cell may do that, an imported file may not. */

/** Visits the code that runs at the top level: of functions and fields, only computed names and decorators. */
function findAwait(ts, node) {
  if (ts.isAwaitExpression(node)) return node;
  if (ts.isForOfStatement(node) && node.awaitModifier) return node.awaitModifier;
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return undefined;
  const visit = (child) => findAwait(ts, child);
  if (ts.isClassStaticBlockDeclaration(node) || ts.isModuleDeclaration(node)) return undefined;
  if (!ts.isFunctionLike(node) && !ts.isPropertyDeclaration(node)) return ts.forEachChild(node, visit);
  for (const part of [...(node.modifiers ?? []), node.name]) {
    const found = part && visit(part);
    if (found) return found;
  }
  return undefined;
}

/** Does a file await at its top level? Its syntax tree tells, since a valid await has no diagnostic. */
exports.awaitsAtTop = (ts, file) => findAwait(ts, file) !== undefined;

/**
 * Returns a diagnostic for each file that awaits at its top level: imported files run as CommonJS, which cannot wait.
 */
exports.refusals = (ts, files) =>
  files.flatMap((file) => {
    const found = findAwait(ts, file);
    if (!found) return [];
    const start = ts.skipTrivia(file.text, found.pos);
    return {
      file,
      start,
      length: found.end - start,
      category: ts.DiagnosticCategory.Error,
      code: 1308,
      messageText: 'only a cell can await at its top level, no file that it imports; await in an async function',
    };
  });
