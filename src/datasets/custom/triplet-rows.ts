import { ACCEPTED_COLUMNS, tripletColumns, type TripletColumns } from './custom-columns.js';
import type { DataFolder } from '../data-folder.js';
import { grown } from '../index-triplets.js';
import { shown, type PictureCells } from './picture-cells.js';

/** The person who gave each answer. */
export interface AnswerPersons {
  /** `[m] int32`: indexes into the names. */
  readonly numbers: Int32Array;
  /** The persons' names, in the order of their first answers. */
  readonly names: readonly string[];
}

/** The content of a file of triplets. */
export interface CustomTriplets {
  /** `[3m] int32`: numbers of pictures, three for each row, with repeats. */
  readonly triplets: Int32Array;
  /** True where a header names an anchor, false with an odd one and no anchor, null where it does not say. */
  readonly directed: boolean | null;
  readonly notes: readonly string[];
  /** Present where a column names a person in every row. */
  readonly persons?: AnswerPersons;
}

/** Collects the rows of a file, one after the other; the first may be a header. */
export class TripletRows {
  private header: TripletColumns | null = null;
  private isFirst = true;
  private triplets: Int32Array = new Int32Array(3072);
  private length = 0;
  private readonly persons: number[] = [];
  private readonly names = new Map<string, number>();

  constructor(
    private readonly folder: DataFolder,
    private readonly file: string,
    private readonly pictures: PictureCells,
  ) {}

  /** Are these cells a header, or at least three names of pictures? */
  isUnderstood(cells: readonly string[]): boolean {
    return tripletColumns(cells) !== null || cells.filter((cell) => this.pictures.isName(cell)).length >= 3;
  }

  /**
   * Adds a row.
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
      throw this.folder.invalid(this.file, line, `'${shown(cells.join(','))}' is not three pictures`);
    if (this.length === 0) this.pictures.begin(chosen);
    if (this.length + 3 > this.triplets.length) this.triplets = grown(this.triplets);
    for (const cell of chosen) this.triplets[this.length++] = this.pictures.find(cell, line);
    if (this.header?.person !== undefined) this.addPerson(cells.at(this.header.person) ?? '');
  }

  private addPerson(name: string): void {
    const number = this.names.get(name) ?? this.names.size;
    this.names.set(name, number);
    this.persons.push(number);
  }

  /**
   * Returns the content of all rows.
   *
   * @throws UsageError where there were none
   */
  finish(): CustomTriplets {
    if (this.length === 0)
      throw this.folder.invalid(this.file, null, this.isFirst ? 'no rows' : 'a header and no rows');
    const unknown = this.names.has('');
    return {
      triplets: this.triplets.slice(0, this.length),
      directed: this.header?.directed ?? null,
      notes: [
        ...this.pictures.notes.values(),
        ...(unknown ? [`rows of ${this.file} name no person: persons are left out`] : []),
      ],
      ...(unknown || this.names.size === 0
        ? {}
        : { persons: { numbers: Int32Array.from(this.persons), names: [...this.names.keys()] } }),
    };
  }

  /** Returns the header, or null where the row contains a picture. */
  private headerOf(cells: readonly string[], line: number): TripletColumns | null {
    const header = tripletColumns(cells);
    const words = shown(cells.join(', '), 200);
    if (header?.named) {
      if (!header.columns.every((column) => this.pictures.isName(cells[column]))) return header;
      throw this.folder.invalid(
        this.file,
        line,
        `'${words}' may be a header or three pictures; write pictures with .jpg, and call columns ${ACCEPTED_COLUMNS}`,
      );
    }
    // What looks like a file name is a picture, even if an unknown one.
    if (cells.some((cell) => this.pictures.isName(cell) || /[./\\]/.test(cell))) return null;
    if (header === null)
      throw this.folder.invalid(
        this.file,
        line,
        `'${words}' is neither three pictures nor a header that names each column once; columns may be called ${ACCEPTED_COLUMNS}`,
      );
    this.pictures.notes.set('header', `the first line of ${this.file} is taken as a header: ${words}`);
    return header;
  }
}
