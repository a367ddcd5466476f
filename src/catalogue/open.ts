/**
 * Fixes the members of a record: none can be replaced or removed, and `addTo` can add others.
 *
 * Assigning to a member throws a TypeError. Catalogues and registries are such records, so that a part of one's own
 * stands beside the built-in ones and never silently in place of one.
 */
export function open<R extends object>(record: R): R {
  for (const name of Object.keys(record)) Object.defineProperty(record, name, { writable: false, configurable: false });
  return record;
}

/** Adds a member to an open record, or replaces one that was added earlier. */
export function addTo<Value>(record: { readonly [Name in string]?: Value }, name: string, value: Value): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: false });
}

/** Tells whether a name is of a member that the record was made with. */
export const isBuiltIn = (record: object, name: string): boolean =>
  Object.getOwnPropertyDescriptor(record, name)?.configurable === false;
