/** Returns the names in a record, typed. */
export const namesOf = <Name extends string>(record: { readonly [Key in Name]?: unknown }): Name[] =>
  Object.keys(record) as Name[];

/** Tells whether a string is one of the names in a record. */
export const isNameOf = <Name extends string>(record: Readonly<Record<Name, unknown>>, name: string): name is Name =>
  Object.hasOwn(record, name);
