/** The names of a record, typed. */
export const namesOf = <Name extends string>(record: { readonly [Key in Name]?: unknown }): Name[] =>
  Object.keys(record) as Name[];

/** Is this one of the record's names? */
export const isNameOf = <Name extends string>(record: Readonly<Record<Name, unknown>>, name: string): name is Name =>
  Object.hasOwn(record, name);
