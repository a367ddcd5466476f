import type { NamedArrays } from './backbone.js';

/** Squares of larger numbers, summed up in float32, come to infinity. */
export const MOST_TRAINED = 1e18;

/** The first of the parameters with a number that is none, or not below a limit, by its name; undefined where all are. */
export function brokenParameter(parameters: NamedArrays, limit = Infinity): string | undefined {
  return Object.keys(parameters).find((name) => {
    const { data } = parameters[name];
    if (!(data instanceof Float32Array || data instanceof Float64Array)) return false;
    for (let at = 0; at < data.length; at++) if (!(Math.abs(data[at]) < limit)) return true;
    return false;
  });
}
