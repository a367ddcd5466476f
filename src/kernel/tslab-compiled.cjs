'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * The package's own sources as cells import them, compiled once: the next kernel finds them in build/kernel/ and need
 * not check and compile them again, which takes longer than most cells.
 *
 * Kept are only sources without a type error, by the content of all of them together, as each one's types may depend on
 * any other, and of what compiles them. Whatever changes, the next kernel checks and compiles all anew.
 */
const { createHash, randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/** So many sets of sources are kept, the latest. */
const mostKept = 8;

/** What decides how sources are compiled, besides them: this kernel, the packages and their types, Node. */
function surroundings(root) {
  const read = (...names) => fs.readFileSync(path.join(root, ...names), 'utf8');
  const packages = fs.existsSync(path.join(root, 'node_modules', '.package-lock.json'));
  return [
    process.version,
    packages ? read('node_modules', '.package-lock.json') : '',
    ...['tslab-edits.cjs', 'tslab-compiled.cjs'].map((name) => read('src', 'kernel', name)),
  ];
}

/** @param root the package's folder */
exports.createCompiled = function createCompiled(root) {
  const sources = `${path.join(root, 'src')}${path.sep}`;
  const folder = path.join(root, 'build', 'kernel');
  /** What this kernel compiled, by source. */
  const compiled = new Map();
  /** Sets of sources by key, found or kept before: `Map<source, outputs>`. */
  const known = new Map();
  let around;
  /** Texts as this kernel first saw them, and whether one has changed since. */
  const seen = new Map();
  let changed = false;

  const own = (files) => files.filter((file) => path.normalize(file).startsWith(sources)).sort();

  function keyOf(files, textOf) {
    const hash = createHash('sha256');
    around ??= surroundings(root);
    for (const part of around) hash.update(part).update('\0');
    for (const file of files) hash.update(file).update('\0').update(textOf(file)).update('\0');
    return hash.digest('hex').slice(0, 32);
  }

  /** Of a source that changed this kernel compiles no more than itself; what others took from it stays as it was. */
  function look(files, textOf) {
    for (const file of files) {
      const text = textOf(file);
      if (seen.has(file) && seen.get(file) !== text) changed = true;
      seen.set(file, text);
    }
  }

  function read(key) {
    try {
      return new Map(JSON.parse(fs.readFileSync(path.join(folder, `${key}.json`), 'utf8')));
    } catch {
      return undefined; // none yet, or a broken one
    }
  }

  function write(key, outputs) {
    try {
      fs.mkdirSync(folder, { recursive: true });
      const temporary = path.join(folder, `.${randomUUID()}.tmp`);
      fs.writeFileSync(temporary, JSON.stringify([...outputs]), { flush: true });
      fs.renameSync(temporary, path.join(folder, `${key}.json`));
      const age = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      const all = fs.readdirSync(folder).map((name) => path.join(folder, name));
      const latest = all.sort((a, b) => age(b) - age(a));
      for (const file of latest.slice(mostKept)) fs.rmSync(file, { force: true });
    } catch {
      // where nothing can be written, each kernel compiles for itself
    }
  }

  return {
    /** The outputs of own sources among the files, where all of these are known to fit together; else undefined. */
    find(files, textOf) {
      const wanted = own(files);
      if (wanted.length === 0) return undefined;
      look(wanted, textOf);
      const key = keyOf(wanted, textOf);
      const found = known.get(key) ?? read(key);
      if (found === undefined) return undefined;
      known.set(key, found);
      for (const [file, outputs] of found) compiled.set(file, outputs);
      return found;
    },
    /** Notes an output of a file, without which the note begins anew. */
    note(file, output) {
      compiled.set(file, output === undefined ? [] : [...(compiled.get(file) ?? []), output]);
    },
    /** Keeps the outputs of own sources among the files, which have no type error. */
    keep(files, textOf) {
      const wanted = own(files);
      look(wanted, textOf);
      if (changed || wanted.length === 0 || !wanted.every((file) => compiled.has(file))) return;
      const key = keyOf(wanted, textOf);
      if (known.has(key)) return;
      const outputs = new Map(wanted.map((file) => [file, compiled.get(file)]));
      known.set(key, outputs);
      write(key, outputs);
    },
  };
};
