'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/** Describes the failure of a cell for Jupyter: `{ ename, evalue, traceback }`. */
const fs = require('node:fs');
const path = require('node:path');
const util = require('node:util');

/** Matches stack frames that do not belong to a cell. */
const machinery = /node:|[\\/]node_modules[\\/]tslab[\\/]|tslab-\w+\.cjs/;

/**
 * Returns the calls that led to an error, innermost first, without the kernel's own.
 *
 * Lines and columns are those of the compiled JavaScript, so that TypeScript files are named without them.
 */
function frames(error) {
  const lines = String(error.stack ?? '').split('\n');
  return lines
    .filter((line) => /^\s+at /.test(line) && !machinery.test(line))
    .map((line) =>
      line
        .replace(/evalmachine\.<anonymous>(:\d+:\d+)?/, 'cell')
        .replace(/([^\s(]+)\.js(:\d+:\d+)/, (place, stem) =>
          fs.existsSync(`${stem}.ts`) ? path.relative(process.cwd(), `${stem}.ts`) : place,
        ),
    );
}

function describe(error) {
  if (error instanceof Error || typeof error?.message === 'string')
    return { name: String(error.name || 'Error'), message: String(error.message) };
  return { name: 'Thrown', message: typeof error === 'string' ? error : util.inspect(error) };
}

const interrupted = (evalue) => ({ ename: 'Interrupted', evalue, traceback: [`Interrupted: ${evalue}`] });
const cellInterrupted = interrupted('the cell was interrupted');

/** The exit status of a command that was interrupted: its error then says how the work stands; see src/errors.ts. */
const interruptedStatus = 130;

/** Returns the failure of a cell that threw, rejected or was interrupted. */
exports.failureOf = function failureOf(error, where) {
  if (error?.message === 'Interrupted asynchronously' || error?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
    return cellInterrupted;
  if (error?.exitCode === interruptedStatus && !where) return interrupted(String(error.message));
  const { name, message } = describe(error);
  const evalue = where ? `${message} (${where})` : message;
  // Its message says all that a person needs: value, place and remedy; see src/errors.ts.
  if (name === 'UsageError') return { ename: name, evalue, traceback: [evalue] };
  const traceback = [`${name}: ${evalue}`, ...(error instanceof Object ? frames(error) : [])];
  for (let cause = error?.cause, depth = 0; cause !== undefined && depth < 5; cause = cause?.cause, depth++) {
    const reason = describe(cause);
    traceback.push(`caused by ${reason.name}: ${reason.message}`);
  }
  return { ename: name, evalue, traceback };
};

/** Returns the failure of a cell that a person interrupted: the message of its work, or another kind of failure. */
exports.interruptionOf = function interruptionOf(failure) {
  return failure === undefined || failure.ename === 'AbortError' ? cellInterrupted : failure;
};

/** Returns the failure of a cell, or a file it imports, with type errors: place and reason of each. */
exports.typeFailure = function typeFailure(errors) {
  // One error comes as several messages for one place; each gives the reason for the one before.
  const texts = [];
  errors.forEach(({ place, message }, i) => {
    if (errors[i - 1]?.place === place) texts[texts.length - 1] += `\n    ${message}`;
    else texts.push(`${place}: ${message}`);
  });
  const more = texts.length > 1 ? ` (and ${texts.length - 1} more)` : '';
  return {
    ename: 'TypeScript',
    evalue: texts[0].split('\n')[0] + more,
    traceback: [`TypeScript: ${texts.join('\n')}`],
  };
};
