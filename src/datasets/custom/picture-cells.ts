import { PICTURE_FOLDER } from './custom-folder.js';
import { PictureNames } from './custom-names.js';
import type { DataFolder } from '../data-folder.js';
import { plainNumber, pictureNumbers, type PictureNumbers } from './picture-numbers.js';
import type { TextEncoding } from './text-encoding.js';

/** Finds the pictures that the cells of a file mean, by name or number. */
export class PictureCells {
  /** Notes about the names, by topic. */
  readonly notes = new Map<string, string>();
  private readonly names: PictureNames;
  private readonly numbers: PictureNumbers;
  private readonly found = new Map<string, number>();
  /** Are numbers positions in sorted order? Null until the first row is known. */
  private byOrder: boolean | null = null;

  /**
   * @param pictures paths below `images/`, sorted
   * @param encoding the encoding of the file
   */
  constructor(
    private readonly folder: DataFolder,
    private readonly file: string,
    private readonly pictures: readonly string[],
    private readonly encoding: TextEncoding,
  ) {
    this.names = new PictureNames(pictures);
    this.numbers = pictureNumbers(pictures);
    if (encoding === 'Windows-1252') this.notes.set('encoding', `${file} is not UTF-8: it is read as Windows-1252`);
  }

  /** Is this a number, or the name of at least one picture? */
  isName(cell: string): boolean {
    return isNumber(cell) || this.names.find(cell) !== -1;
  }

  /** Decides by the cells of the first row what numbers mean. */
  begin(cells: readonly string[]): void {
    this.byOrder ??=
      this.numbers.kind === 'none' && cells.every(isNumber) && cells.some((cell) => this.names.find(cell) === -1);
    if (this.byOrder) this.notes.set('numbers', 'pictures go by their numbers in sorted order');
  }

  /**
   * Returns the number of the picture that a cell means.
   *
   * @throws UsageError naming file and line where there is none, or several
   */
  find(cell: string, line: number): number {
    let picture = this.found.get(cell);
    if (picture === undefined) {
      picture = this.byOrder ? this.counted(cell, line) : this.named(cell, line);
      this.found.set(cell, picture);
    }
    return picture;
  }

  private counted(cell: string, line: number): number {
    const number = isNumber(cell) ? Number(cell) : NaN;
    const { length } = this.pictures;
    if (number < length) return number;
    throw this.folder.invalid(
      this.file,
      line,
      `${shown(cell)} is no picture; the first row has numbers of pictures, which go from 0 to ${length - 1}`,
    );
  }

  private named(cell: string, line: number): number {
    const named = this.names.find(cell);
    if (named >= 0) return named;
    const where = this.folder.path(PICTURE_FOLDER);
    const refuse = (problem: string) => this.folder.invalid(this.file, line, `${shown(cell)} ${problem}`);
    if (named === -2) throw refuse(`means several pictures of ${where}`);
    if (isNumber(cell) && this.numbers.kind === 'unclear')
      throw refuse(
        `is the name of no picture, and the numbers in names such as ${this.pictures[0]} in ${where} are others; write names of pictures`,
      );
    const numbered = isNumber(cell) && this.numbers.kind === 'series' && this.numbers.pictures.get(plainNumber(cell));
    if (typeof numbered !== 'number')
      throw refuse(`is none of the ${this.pictures.length} pictures of ${where}${this.remedy(cell)}`);
    if (!this.notes.has('numbers'))
      this.notes.set(
        'numbers',
        `numbers in ${this.file} are those in the names of pictures: ${cell} is ${this.pictures[numbered]}`,
      );
    return numbered;
  }

  private remedy(cell: string): string {
    const near = this.names.nearest(cell);
    if (near !== undefined) return `, did you mean ${near}?`;
    return this.encoding === 'Windows-1252' && /[^\0-\x7f]/.test(cell)
      ? ' (read as Windows-1252, as the file is not UTF-8; save it as UTF-8)'
      : '';
  }
}

function isNumber(cell: string): boolean {
  return /^\d+$/.test(cell);
}

/** Returns the start of a text, printable in a message. */
export function shown(text: string, most = 40): string {
  return text.slice(0, most).replace(/\p{C}/gu, '?') + (text.length > most ? '...' : '');
}
