const LONGEST = 80;

/** Escapes characters that JSON leaves unchanged and terminals may not: line separators, invisible characters. */
const escape = (text: string) =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`);

/** Writes a value for an error message: on one line, and short. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = typeof value === 'string' ? escape(JSON.stringify(value)) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** Writes a name or path for an error message: without quotes where possible. */
export function bare(name: string): string {
  return /^[^\p{C}\p{Z}"]*( [^\p{C}\p{Z}"]+)*$/u.test(name) && name !== '' && name.length <= 4 * LONGEST
    ? name
    : show(name);
}
