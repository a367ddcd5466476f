'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * Packages in cells: as the notebook's folder has them, else `tripletlab` itself and its own packages, so that a notebook
 * in any folder can import them.
 */
const Module = require('node:module');
const path = require('node:path');

/** A name of a package, not a path. */
const isBare = (name) => !name.startsWith('.') && !path.isAbsolute(name);

/** Has `require` look into this package where the notebook's folder has nothing. */
exports.requireFromPackage = function requireFromPackage(root) {
  const own = Module.createRequire(path.join(root, 'package.json'));
  const resolve = Module._resolveFilename;
  let asked = false; // by the own `require`, which comes here too
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

/** The same for the compiler's types. */
exports.resolveTypesFromPackage = function resolveTypesFromPackage(root) {
  const near = path.join(root, '__cell__.ts');
  return (ts, host, sys) => {
    const known = new Map();
    // What declarations import stays as it is while a kernel runs; without this, every cell would look all of it up again.
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
