import type { NamedArrays } from '../backbones/backbone.js';

import { brokenRows } from '../metrics/index.js';

/** The first of the parameters with a number that is infinite or none, by its name; undefined where all are sound. */
export function brokenParameter(parameters: NamedArrays): string | undefined {
  return Object.keys(parameters).find((name) => {
    const { data } = parameters[name];
    return (data instanceof Float32Array || data instanceof Float64Array) && brokenRows(data, 1).length > 0;
  });
}
