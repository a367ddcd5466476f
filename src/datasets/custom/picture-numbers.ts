/** The meaning of numbers where names of pictures contain numbers. */
export type PictureNumbers =
  /**
   * Pictures by number, without leading zeros: the names are one series, as in `shoe8.jpg`, `shoe09.jpg`, `shoe10.jpg`.
   */
  | { readonly kind: 'series'; readonly pictures: ReadonlyMap<string, number> }
  /** Names have several numbers, and it is unclear which one counts. */
  | { readonly kind: 'unclear' }
  /** At least half of the names have no number. */
  | { readonly kind: 'none' };

/** Writes a number without leading zeros, which spreadsheets drop. */
export function plainNumber(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/**
 * Finds the numbers in the names of pictures. They are one series where all names with a number differ in just that
 * number, either with their folders or without them.
 *
 * @param pictures paths
 */
export function pictureNumbers(pictures: readonly string[]): PictureNumbers {
  const stems = pictures.map((path) => path.normalize('NFC').replace(/\.[^./]*$/, ''));
  for (const texts of [stems, stems.map((stem) => stem.slice(stem.lastIndexOf('/') + 1))]) {
    const found = series(texts);
    if (found !== null) return { kind: 'series', pictures: found };
  }
  const numbered = stems.filter((stem) => /\d/.test(stem)).length;
  return { kind: 2 * numbered > stems.length ? 'unclear' : 'none' };
}

function series(texts: readonly string[]): Map<string, number> | null {
  const rows = texts
    // Odd positions hold digits, even ones the text between them.
    .map((text, picture) => ({ picture, parts: text.split(/(\d+)/) }))
    .filter(({ parts }) => parts.length > 1);
  if (rows.length < 2) return null;
  const [{ parts: first }] = rows;
  if (rows.some(({ parts }) => parts.length !== first.length)) return null;
  const differing = first.flatMap((part, place) => (rows.some(({ parts }) => parts[place] !== part) ? [place] : []));
  if (differing.length !== 1 || differing[0] % 2 === 0) return null;
  const numbers = new Map(rows.map(({ picture, parts }) => [plainNumber(parts[differing[0]]), picture]));
  return numbers.size === rows.length ? numbers : null;
}
