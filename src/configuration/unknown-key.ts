import { nearest, unknown, UsageError } from '../errors.js';
import { bare } from './display.js';

/**
 * Makes the error for an unknown key, with the full name of the nearest known one.
 *
 * `unknown key: model.ta; did you mean model.tau?`
 *
 * @param sections the keys of each section and, under the empty name, of the top level
 */
export function unknownKey(
  section: string,
  key: string,
  sections: Readonly<Record<string, readonly string[]>>,
): UsageError {
  const path = (name: string, of: string) => (of === '' ? name : `${of}.${name}`);
  const told = bare(path(key, section));
  // The right key of another section helps more than the nearest one of this section.
  const home = Object.keys(sections).find((name) => sections[name].includes(key));
  if (home !== undefined) return new UsageError(`unknown key: ${told}; did you mean ${path(key, home)}?`);
  const own = Object.hasOwn(sections, section) ? sections[section] : undefined;
  const meant = own ? section : nearest(section, Object.keys(sections).filter(Boolean));
  const near = meant === undefined ? undefined : nearest(key, sections[meant]);
  if (near !== undefined) return new UsageError(`unknown key: ${told}; did you mean ${path(near, meant!)}?`);
  const all = Object.entries(sections).flatMap(([of, keys]) => keys.map((name) => path(name, of)));
  const whole = section === '' ? undefined : nearest(path(key, section), all);
  if (whole !== undefined) return new UsageError(`unknown key: ${told}; did you mean ${whole}?`);
  return unknown('key', told, own ?? all);
}
