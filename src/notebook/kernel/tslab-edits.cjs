'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * The changes to tslab 1.0.22: edits of its source, made in memory while it loads.
 *
 * node_modules stays as npm wrote it. Each edit must match exactly once, so that another version of tslab fails at once
 * and does not work in part.
 */
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const fileSystemRoot = 'path_1.default.parse(cwd).root';
const awaits = `require(${JSON.stringify(path.join(__dirname, 'tslab-awaits.cjs'))})`;

const converter = [
  // Stock tslab takes only files below the notebook's folder; with the file system's root any relative import works.
  ['rootDir: cwd,', `rootDir: ${fileSystemRoot},`],
  // The place of a cell's own output that follows from this.
  [
    'const dstFilename = (0, tspath_1.normalizeJoin)(outDir, "__tslab__.js");',
    `const __cell = (0, tspath_1.normalizeJoin)(outDir, path_1.default.relative(${fileSystemRoot}, cwd));
    const dstFilename = (0, tspath_1.normalizeJoin)(__cell, "__tslab__.js");`,
  ],
  [
    'const dstDeclFilename = (0, tspath_1.normalizeJoin)(outDir, "__tslab__.d.ts");',
    'const dstDeclFilename = (0, tspath_1.normalizeJoin)(__cell, "__tslab__.d.ts");',
  ],
  // The place where the executor looks for an imported module.
  ['path: (0, tspath_1.normalizeJoin)(cwd, rel),', `path: (0, tspath_1.normalizeJoin)(${fileSystemRoot}, rel),`],
  // Type errors of imported files are shown too, wherever the files are; those of packages are not.
  [
    'if (rel.startsWith("..")) {\n                    continue;\n                }\n                fileName = rel;',
    'if (d.file.fileName.includes("/node_modules/")) {\n                    continue;\n                }\n                fileName = rel;',
  ],
  // A message of several lines keeps the name of its file.
  ['            code: msg.code,\n        });', '            code: msg.code,\n            fileName,\n        });'],
  [
    'traverseDiagnosticMessageChain(start, end, child, out);',
    'traverseDiagnosticMessageChain(start, end, child, out, fileName);',
  ],
  // The compiler options of tsconfig.json that affect type checks, and package "exports".
  [
    'moduleResolution: ts.ModuleResolutionKind.Node10,',
    'strict: true, moduleResolution: ts.ModuleResolutionKind.Bundler,',
  ],
  // { name } in a cell refers to the variable of an earlier cell, as { name: name } does.
  [
    'function wrapPrevIdentifier(node) {\n            var _a, _b;',
    `function wrapPrevIdentifier(node) {
            var _a, _b;
            if (ts.isShorthandPropertyAssignment(node)) {
                const meant = checker.getShorthandAssignmentValueSymbol(ts.getOriginalNode(node));
                const early = meant?.declarations?.some((decl) => decl.getSourceFile() === declsFile);
                // { name = preset } is what an assignment takes apart.
                const preset = node.objectAssignmentInitializer && wrapPrevIdentifier(node.objectAssignmentInitializer);
                if (!early) return preset ? ts.factory.updateShorthandPropertyAssignment(node, node.name, preset) : node;
                const value = ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier("exports"), node.name);
                return ts.factory.createPropertyAssignment(node.name, preset ? ts.factory.createAssignment(value, preset) : value);
            }`,
  ],
  // const { name: other } in a cell reads a property, whatever declares `name`.
  [
    'ts.isPropertyAccessExpression(node.parent) &&\n                node.parent.name === node) {',
    `(node.parent.propertyName === node ||
                    (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node))) {`,
  ],
  // What a cell exports itself is not exported a second time.
  [
    'const suffix = "\\nexport {" + Array.from(keys).join(", ") + "}";',
    `const __own = srcFile.symbol?.exports;
            const suffix = "\\nexport {" + Array.from(keys).filter((key) => !__own?.has(key)).join(", ") + "}";`,
  ],
  // Stock tslab detects await in a cell by a compiler error, which does not occur for all forms of await.
  ['disableTopLevelAwait: true,', 'disableTopLevelAwait: false,'],
  [
    `if (d.file.fileName === srcFilename &&
                isTopLevelAwaitDiagnostic(srcFile, d)) {
                hasToplevelAwait = true;
                continue;
            }
`,
    '',
  ],
  ['hasToplevelAwait: diag.hasToplevelAwait,', 'hasToplevelAwait: __awaits,'],
  [
    'return ts.getPreEmitDiagnosticsOfFiles(builder.getProgram(), files);',
    `return [
        ...ts.getPreEmitDiagnosticsOfFiles(builder.getProgram(), files),
        ...${awaits}.refusals(ts, files.slice(1)),
    ];`,
  ],
  [
    'const diags = ts.getPreEmitDiagnostics(builder.getProgram(), file);',
    `const diags = [...ts.getPreEmitDiagnostics(builder.getProgram(), file), ...${awaits}.refusals(ts, [file])];`,
  ],
  [
    'const diag = convertDiagnostics(getPreEmitDiagnosticsWithDependencies(builder, srcFile));',
    `const __awaits = ${awaits}.awaitsAtTop(ts, srcFile);
        const diag = convertDiagnostics(getPreEmitDiagnosticsWithDependencies(builder, srcFile));`,
  ],
  // Packages that the notebook's folder lacks come from this package: itself, and its dependencies.
  [
    'host.afterProgramCreate = function (b) {',
    `exports.resolveFromPackage(ts, host, sys);
    host.afterProgramCreate = function (b) {`,
  ],
  // The types of Node.js: tslab looks for its own copy where npm need not have put it.
  [
    'typeRoots.push((0, tspath_1.normalizeJoin)(__dirname, "..", "node_modules", "@types"));',
    'typeRoots.push(path_1.default.resolve(require.resolve("@types/node/package.json"), "..", ".."));',
  ],
  // A cell's completeness is tested as a module; otherwise await /(/ would be a division.
  [
    'const src = ts.createSourceFile("tmp.ts", content, ts.ScriptTarget.Latest, undefined, ts.ScriptKind.TSX);',
    `const __asModule = { languageVersion: ts.ScriptTarget.Latest, setExternalModuleIndicator: (file) => (file.externalModuleIndicator = true) };
    const src = ts.createSourceFile("tmp.ts", content, __asModule, undefined, ts.ScriptKind.TSX);`,
  ],
  ['let srcContent = "";', 'if (!transpileLib.includes("dom")) transpileLib.push("dom");\n    let srcContent = "";'],
];

const executor = [
  // An interrupt that arrives while a cell is compiled takes effect before the cell runs: the handlers during the run
  // would lose it.
  [
    'const converted = convs.node.convert(prevDecl, src);',
    'const __asked = interruptPromise;\n        const converted = convs.node.convert(prevDecl, src);',
  ],
  [
    'let promise = null;',
    `try {
            await Promise.race([__asked, new Promise((done) => setImmediate(() => setImmediate(done)))]);
        }
        catch (e) {
            console.error(e);
            return false;
        }
        let promise = null;`,
  ],
  // Imports by absolute path.
  [
    'let filename = (0, tspath_1.normalizeJoin)(dirname, id);',
    'let filename = (0, tspath_1.normalizeJoin)(path_1.default.isAbsolute(id) ? "" : dirname, id);',
  ],
  // Modules that import each other: each is registered before it runs, as in Node.js.
  [
    'mod._compile(sideOutputs.get(filename), filename);\n        sideModules.set(filename, mod);',
    `sideModules.set(filename, mod);
        try {
            mod._compile(sideOutputs.get(filename), filename);
        }
        catch (e) {
            sideModules.delete(filename);
            throw e;
        }`,
  ],
];

const jupyter = [
  // Stock tslab sends a message without waiting for the one before.
  ['sock.send(heads.concat(bodies));', 'exports.sendInOrder(sock, heads.concat(bodies));'],
  // Messages that tslab does not know, such as interrupt_request.
  ['console.warn(`unknown msg_type: ${msg.header.msg_type}`);', 'this.handleOther(sock, msg);'],
];

/** Installs the edits for the tslab in this folder; call before anything of it is loaded. */
exports.editTslab = function editTslab(folder) {
  const edits = new Map([
    [path.join(folder, 'dist', 'converter.js'), converter],
    [path.join(folder, 'dist', 'executor.js'), executor],
    [path.join(folder, 'dist', 'jupyter.js'), jupyter],
  ]);
  const load = Module._extensions['.js'];
  Module._extensions['.js'] = function (module, file) {
    const list = edits.get(file);
    if (!list) return load(module, file);
    let code = fs.readFileSync(file, 'utf8');
    for (const [from, to] of list) {
      const parts = code.split(from);
      if (parts.length !== 2)
        throw new Error(`tslab 1.0.22 expected: "${from}" found ${parts.length - 1} times in ${file}`);
      code = parts.join(to);
    }
    module._compile(code, file);
  };
};
