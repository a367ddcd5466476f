const LONGEST = 80;

/** What JSON leaves as it is and a terminal might not: line separators, characters without a shape. */
const escape = (text: string) =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`);

/** A value as an error message quotes it: on one line, and short. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = typeof value === 'string' ? escape(JSON.stringify(value)) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** A name or path as an error message quotes it: bare where it can be. */
export function bare(name: string): string {
  return /^[^\p{C}\p{Z}"]*( [^\p{C}\p{Z}"]+)*$/u.test(name) && name !== '' && name.length <= 4 * LONGEST
    ? name
    : show(name);
}
