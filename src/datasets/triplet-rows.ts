import { ACCEPTED_COLUMNS, tripletColumns, type TripletColumns } from './custom-columns.js';
import { PICTURE_FOLDER } from './custom-folder.js';
import { PictureNames } from './custom-names.js';
import type { DataFolder } from './data-folder.js';
import { grown } from './index-triplets.js';
import { plainNumber, pictureNumbers, type PictureNumbers } from './picture-numbers.js';
import type { TextEncoding } from './text-encoding.js';

/** What a file of triplets says. */
export interface CustomTriplets {
  /** `[3m] int32`: numbers of pictures, three a row, repeats kept. */
  readonly triplets: Int32Array;
  /** Does a header name an anchor (true), or an odd one and no anchor (false)? Null where it does not say. */
  readonly directed: boolean | null;
  readonly notes: readonly string[];
}

/** The names in rows, and what they mean: one row after the other, the first may be a header. */
export class TripletRows {
  private readonly names: PictureNames;
  private readonly numbers: PictureNumbers;
  private header: TripletColumns | null = null;
  private readonly known = new Map<string, number>();
  private readonly notes = new Map<string, string>();
  /** Null until the first row that is no header: do numbers count pictures in sorted order? */
  private byOrder: boolean | null = null;
  private isFirst = true;
  private triplets: Int32Array = new Int32Array(3072);
  private length = 0;

  /**
   * @param pictures paths below `images/`, sorted
   * @param encoding what the file is in
   */
  constructor(
    private readonly folder: DataFolder,
    private readonly file: string,
    private readonly pictures: readonly string[],
    private readonly encoding: TextEncoding,
  ) {
    this.names = new PictureNames(pictures);
    this.numbers = pictureNumbers(pictures);
  }

  /** Are these cells a header, or three names of pictures and more? */
  isUnderstood(cells: readonly string[]): boolean {
    const isName = (cell: string) => isNumber(cell) || this.names.find(cell) !== -1;
    return tripletColumns(cells) !== null || cells.filter(isName).length >= 3;
  }

  /**
   * Takes a row.
   *
   * @throws UsageError naming file and line where it is not three pictures, or an unknown one
   */
  add(cells: readonly string[], line: number): void {
    if (this.isFirst) {
      this.isFirst = false;
      this.header = this.headerOf(cells, line);
      if (this.header !== null) return;
    }
    const chosen = this.header === null ? cells : this.header.columns.map((column) => cells.at(column) ?? '');
    if (chosen.length !== 3 || chosen.includes(''))
      throw this.invalid(line, `'${shown(cells.join(','))}' is not three pictures`);
    this.byOrder ??=
      this.numbers.kind === 'none' && chosen.every(isNumber) && chosen.some((cell) => this.names.find(cell) === -1);
    if (this.length + 3 > this.triplets.length) this.triplets = grown(this.triplets);
    for (const cell of chosen) this.triplets[this.length++] = this.pictureOf(cell, line);
  }

  /**
   * What the rows said.
   *
   * @throws UsageError where there were none
   */
  finish(): CustomTriplets {
    if (this.length === 0)
      throw this.folder.invalid(this.file, null, this.isFirst ? 'no rows' : 'a header and no rows');
    if (this.byOrder) this.notes.set('order', 'pictures go by their numbers in sorted order');
    if (this.encoding === 'Windows-1252')
      this.notes.set('encoding', `${this.file} is not UTF-8: it is read as Windows-1252`);
    return {
      triplets: this.triplets.slice(0, this.length),
      directed: this.header?.directed ?? null,
      notes: [...this.notes.values()],
    };
  }

  /** The header, or null where the row has a picture in it. */
  private headerOf(cells: readonly string[], line: number): TripletColumns | null {
    const isPicture = (cell: string) => isNumber(cell) || this.names.find(cell) !== -1;
    const header = tripletColumns(cells);
    if (header?.named) {
      if (!header.columns.every((column) => isPicture(cells[column]))) return header;
      throw this.invalid(
        line,
        `'${shown(cells.join(','))}' may be a header or three pictures; write their names with .jpg or other columns, ${ACCEPTED_COLUMNS}`,
      );
    }
    // What looks like a file is a picture, if an unknown one.
    if (cells.some((cell) => isPicture(cell) || /[./\\]/.test(cell))) return null;
    const words = shown(cells.join(', '), 200);
    if (header === null)
      throw this.invalid(
        line,
        `'${words}' is neither three pictures nor a header that names each column once; columns may be called ${ACCEPTED_COLUMNS}`,
      );
    this.notes.set('header', `the first line of ${this.file} is taken for a header: ${words}`);
    return header;
  }

  private pictureOf(cell: string, line: number): number {
    let picture = this.known.get(cell);
    if (picture === undefined) {
      picture = this.byOrder ? this.counted(cell, line) : this.named(cell, line);
      this.known.set(cell, picture);
    }
    return picture;
  }

  private counted(cell: string, line: number): number {
    const number = isNumber(cell) ? Number(cell) : NaN;
    const { length } = this.pictures;
    if (number < length) return number;
    throw this.invalid(
      line,
      `${shown(cell)} is no picture: the first row has numbers, and there are ${length}, counted from 0`,
    );
  }

  private named(cell: string, line: number): number {
    const number = this.names.find(cell);
    if (number >= 0) return number;
    const where = this.folder.path(PICTURE_FOLDER);
    if (number === -2) throw this.invalid(line, `${shown(cell)} means several pictures of ${where}`);
    return isNumber(cell) && this.numbers.kind !== 'none'
      ? this.numbered(cell, line, where)
      : this.unknown(cell, line, where);
  }

  private numbered(cell: string, line: number, where: string): number {
    if (this.numbers.kind !== 'series')
      throw this.invalid(
        line,
        `${shown(cell)} is the name of no picture, and names in ${where} such as ${this.pictures[0]} have other numbers; write the names of the pictures`,
      );
    const number = this.numbers.pictures.get(plainNumber(cell));
    if (number === undefined) return this.unknown(cell, line, where);
    if (!this.notes.has('series'))
      this.notes.set(
        'series',
        `numbers in ${this.file} are those in the names of pictures: ${cell} is ${this.pictures[number]}`,
      );
    return number;
  }

  private unknown(cell: string, line: number, where: string): never {
    const near = this.names.nearest(cell);
    const remedy =
      near !== undefined
        ? `, did you mean ${near}?`
        : this.encoding === 'Windows-1252' && /[^\0-\x7f]/.test(cell)
          ? ' (read as Windows-1252, as the file is not UTF-8; save it as UTF-8)'
          : '';
    throw this.invalid(line, `${shown(cell)} is none of the ${this.pictures.length} pictures of ${where}${remedy}`);
  }

  private invalid(line: number, problem: string) {
    return this.folder.invalid(this.file, line, problem);
  }
}

function isNumber(cell: string): boolean {
  return /^\d+$/.test(cell);
}

/** The start of a text, fit to be printed. */
function shown(text: string, most = 40): string {
  return text.slice(0, most).replace(/\p{C}/gu, '?') + (text.length > most ? '...' : '');
}
