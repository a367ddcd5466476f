import type { NamedArrays } from './backbone.js';

/** The limit for parameters: squares of larger numbers, summed up in float32, become infinite. */
export const MOST_TRAINED = 1e18;

/** Returns the name of the first parameter with a NaN or a number not below the limit; undefined if there is none. */
export function brokenParameter(parameters: NamedArrays, limit = Infinity): string | undefined {
  return Object.keys(parameters).find((name) => {
    const { data } = parameters[name];
    if (!(data instanceof Float32Array || data instanceof Float64Array)) return false;
    for (let at = 0; at < data.length; at++) if (!(Math.abs(data[at]) < limit)) return true;
    return false;
  });
}
