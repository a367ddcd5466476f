import { PICTURE_FOLDER } from './custom-folder.js';

const AMBIGUOUS = -2;
const ABSENT = -1;

/** The pictures that names in a triplet file mean: paths, with or without folder and extension. */
export class PictureNames {
  /** From the fullest spelling to the shortest; the first that has a name decides. */
  private readonly spellings: readonly Map<string, number>[];

  /** @param pictures paths below `images/`, with slashes */
  constructor(pictures: readonly string[]) {
    const ways: readonly ((path: string) => string)[] = [
      (path) => path,
      withoutExtension,
      lastPart,
      (path) => withoutExtension(lastPart(path)),
    ];
    this.spellings = ways.map((way) => {
      const numbers = new Map<string, number>();
      pictures.forEach((path, number) => {
        const name = way(path);
        numbers.set(name, numbers.has(name) ? AMBIGUOUS : number);
      });
      return numbers;
    });
  }

  /** The number of the picture that a name means; -1 where there is none, -2 where there are several. */
  find(name: string): number {
    const clean = name.replaceAll('\\', '/').replace(/^\.\//, '');
    const prefix = `${PICTURE_FOLDER}/`;
    const candidates = clean.startsWith(prefix) ? [clean.slice(prefix.length), clean] : [clean];
    for (const candidate of candidates)
      for (const numbers of this.spellings) {
        const number = numbers.get(candidate);
        if (number !== undefined) return number;
      }
    return ABSENT;
  }
}

function withoutExtension(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
