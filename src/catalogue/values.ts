import { z } from 'zod';
import { expandHome } from '../files.js';

// Kinds of values. Errors and the generated page of keys say in the same words, `words`, what a value must be.

/** Takes an integer from `least` to `most`; the default of `most` is larger than any size that a machine can hold. */
export const integer = (least: number, most = Number.MAX_SAFE_INTEGER) => {
  const words = `an integer of at least ${least}`;
  const error = ({ input }: { readonly input?: unknown }) =>
    typeof input === 'string' && /^0[\d_]+$/.test(input) ? `${words}, without leading zeros` : words;
  return z
    .int({ error })
    .min(least, { error })
    .max(most, { error: `an integer of at most ${most}` })
    .meta({ words });
};

const FINITE = 'a finite number';
const finite = z.number({ error: FINITE });
export const number = finite.meta({ words: FINITE });
export const notNegative = finite
  .min(0, { error: `${FINITE} of at least 0` })
  .meta({ words: `${FINITE} of at least 0` });
export const positive = finite.positive({ error: `${FINITE} above 0` }).meta({ words: `${FINITE} above 0` });

export const boolean = z.boolean({ error: 'true or false' }).meta({ words: 'true or false' });

export const text = z
  .string({ error: 'a text' })
  .min(1, { error: 'a text that is not empty' })
  .meta({ words: 'a text' });

export const path = z
  .string({ error: 'a path' })
  .min(1, { error: 'a path that is not empty' })
  .refine((name) => !name.includes('\0'), { error: 'a path without null characters' })
  .transform(expandHome)
  .meta({ words: 'a path' });

/** Takes a part of a file's name; a number, which YAML makes of `5`, is taken as its text. */
export const identifier = z
  .union([z.string(), z.int()], { error: 'a name' })
  .transform(String)
  .refine((name) => /^[^/\\\0]+$/.test(name), { error: 'a name without slashes' })
  .meta({ words: 'a name' });

/** Takes one of some names; the type is their union, which errors can show. */
export const oneOf = <const Name extends string>(names: readonly Name[]): z.ZodType<Name, Name> =>
  z.enum(names as [Name, ...Name[]]);

/**
 * Takes a name of an open record, those of parts of one's own among them.
 *
 * @param forms the values that each name has (default: itself)
 */
export const nameIn = <Value extends string>(
  record: object,
  forms: (name: string) => readonly string[] = (name) => [name],
): z.ZodType<Value, Value> => {
  const values = () => Object.keys(record).flatMap(forms);
  const schema = z.any().check((context) => {
    const allowed = values();
    if (!allowed.includes(context.value as string))
      context.issues.push({ code: 'invalid_value', values: allowed, input: context.value });
  });
  return schema.meta({
    get words() {
      const names = values(); // those of this moment
      return names.length === 0 ? 'a registered name' : `one of ${names.join(', ')}`;
    },
  });
};

/** Takes a section of a configuration, which has these keys and no others. */
export const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: `a mapping with ${Object.keys(shape).slice(0, 3).join(', ')}` });
