'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * Finds packages for cells: in the notebook's folder, or else `tripletlab` itself and its own packages, so that a
 * notebook in any folder can import them.
 */
const Module = require('node:module');
const path = require('node:path');

/** Is this the name of a package, and not a path? */
const isBare = (name) => !name.startsWith('.') && !path.isAbsolute(name);

/** Makes `require` look into this package for what the notebook's folder lacks. */
exports.requireFromPackage = function requireFromPackage(root) {
  const own = Module.createRequire(path.join(root, 'package.json'));
  const resolve = Module._resolveFilename;
  let asked = false; // true while `own` asks, which also calls this function
  Module._resolveFilename = function (name, ...rest) {
    try {
      return resolve.call(this, name, ...rest);
    } catch (error) {
      if (asked || error.code !== 'MODULE_NOT_FOUND' || !isBare(name)) throw error;
      try {
        asked = true;
        return own.resolve(name);
      } catch {
        throw error;
      } finally {
        asked = false;
      }
    }
  };
};

/** Makes the compiler find types in this package for what the notebook's folder lacks. */
exports.resolveTypesFromPackage = function resolveTypesFromPackage(root) {
  const near = path.join(root, '__cell__.ts');
  return (ts, host, sys) => {
    const known = new Map();
    // The imports of declarations do not change while a kernel runs; without this, every cell would resolve them again.
    host.hasInvalidatedResolutions = (file) => !/\.d\.[cm]?ts$/.test(file);
    const find = (name, from, options, redirected) =>
      ts.resolveModuleName(name, from, options, sys, undefined, redirected);
    host.resolveModuleNameLiterals = (literals, from, redirected, options) =>
      literals.map(({ text }) => {
        if (!isBare(text)) return find(text, from, options, redirected);
        const key = `${path.dirname(from)}\0${text}`;
        let found = known.get(key);
        if (found === undefined) {
          found = find(text, from, options, redirected);
          if (!found.resolvedModule) found = find(text, near, options, redirected);
          if (found.resolvedModule) known.set(key, found);
        }
        return found;
      });
  };
};
