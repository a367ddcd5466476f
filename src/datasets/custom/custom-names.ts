import { PICTURE_FOLDER } from './custom-folder.js';

const AMBIGUOUS = -2;
const ABSENT = -1;

type Spelling = (path: string) => string;

const exact: Spelling = (path) => path;
/** Composes letters and accents, which some file systems and spreadsheets store separately. */
const composed: Spelling = (path) => path.normalize('NFC');

/** The spellings of a path, from the longest to the shortest. */
const parts: readonly Spelling[] = [exact, withoutExtension, lastPart, (path) => withoutExtension(lastPart(path))];

/** Finds the pictures that names in a triplet file mean: paths, with or without folder and extension. */
export class PictureNames {
  /** The spellings; the first one under which a name is known decides. */
  private readonly spellings: readonly { readonly form: Spelling; readonly numbers: ReadonlyMap<string, number> }[];

  /** @param pictures paths below `images/`, with slashes */
  constructor(private readonly pictures: readonly string[]) {
    this.spellings = [exact, composed].flatMap((form) =>
      parts.map((part) => {
        const numbers = new Map<string, number>();
        pictures.forEach((path, number) => {
          const name = form(part(path));
          numbers.set(name, numbers.has(name) ? AMBIGUOUS : number);
        });
        return { form, numbers };
      }),
    );
  }

  /** Returns the number of the picture that a name means; -1 where there is none, -2 where there are several. */
  find(name: string): number {
    for (const candidate of candidates(name))
      for (const { form, numbers } of this.spellings) {
        const number = numbers.get(form(candidate));
        if (number !== undefined) return number;
      }
    return ABSENT;
  }

  /** Returns the picture whose name differs from an unknown one only in case, extension or leading zeros, if any. */
  nearest(name: string): string | undefined {
    const wanted = candidates(name).flatMap((candidate) =>
      [exact, withoutExtension].map((part) => loose(part(candidate))),
    );
    for (const part of parts) {
      const found = this.pictures.find((path) => wanted.includes(loose(part(path))));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Returns what a name may mean: paths below `images/`, first without that folder. */
function candidates(name: string): string[] {
  const clean = name.replaceAll('\\', '/').replace(/^\.\//, '');
  const prefix = `${PICTURE_FOLDER}/`;
  return clean.startsWith(prefix) ? [clean.slice(prefix.length), clean] : [clean];
}

function loose(name: string): string {
  return composed(name)
    .toLowerCase()
    .replace(/(?<!\d)0+(?=\d)/g, '');
}

function withoutExtension(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
