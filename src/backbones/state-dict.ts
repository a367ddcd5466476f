import * as tf from '../tf.js';
import { UsageError } from '../errors.js';
import type { NamedArrays, Parameter } from './backbone.js';
import { fromTorch, torchShape } from './layouts.js';

/** The most names listed for each kind of fault; the rest are counted. */
const NAMED = 5;

const list = (what: string, names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        `${names.length} ${what} (${names.slice(0, NAMED).join(', ')}${
          names.length > NAMED ? `, and ${names.length - NAMED} more` : ''
        })`,
      ];

/**
 * Loads stored tensors into variables: all of them, or none.
 *
 * @param entries the variables; one that is `optional` keeps its value if there is no tensor for it
 * @param ignored names of tensors that are known but not wanted
 * @throws UsageError that lists every missing, surplus and wrongly shaped tensor
 */
export function load(
  entries: readonly (Parameter & { readonly optional?: boolean })[],
  tensors: NamedArrays,
  place: string,
  ignored: (name: string) => boolean = () => false,
): void {
  const known = new Set(entries.map(({ name }) => name));
  const missing = entries.filter(({ name, optional }) => !Object.hasOwn(tensors, name) && optional !== true);
  const surplus = Object.keys(tensors).filter((name) => !known.has(name) && !ignored(name));
  const present = entries.filter(({ name }) => Object.hasOwn(tensors, name));
  const misshapen = present.flatMap(({ name, variable, torch }) => {
    const [actual, wanted] = [tensors[name].shape, torchShape(variable.shape, torch)].map((shape) => shape.join(' x '));
    return actual === wanted ? [] : [`${name}: ${actual || 'scalar'} instead of ${wanted || 'scalar'}`];
  });
  const faults = [
    ...list(
      'missing',
      missing.map(({ name }) => name),
    ),
    ...list('surplus', surplus),
    ...list('of another shape', misshapen),
  ];
  if (faults.length > 0)
    throw new UsageError(
      `weights that do not fit: ${place}: of ${entries.length} tensors ${faults.join(', ')}; give weights of this network`,
    );
  for (const { name, variable, torch } of present)
    tf.tidy(() => {
      variable.assign(fromTorch(tensors[name], torch));
    });
}
