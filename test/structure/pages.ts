import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Folders whose pages are not the project's, or are vectors. */
const apart = /(^|\/)(node_modules|build|dist|modeling|golden|\..*)(\/|$)/;

/** A page: where it lies, relative to the project's folder, and its Markdown. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Every Markdown page of the project. */
export function pages(folder = '.'): Page[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = normalize(join(folder, entry.name));
    if (apart.test(path)) return [];
    if (entry.isDirectory()) return pages(path);
    return path.endsWith('.md') ? [{ path, text: readFileSync(path, 'utf8') }] : [];
  });
}

/** The page at a path. */
export const page = (path: string): string => readFileSync(path, 'utf8');

/** The targets of a page's links within the project: path from the project's folder, and the heading if one is named. */
export function linksOf({ path, text }: Page): { readonly target: string; readonly heading: string | undefined }[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [file, heading] = link.split('#', 2);
      return { target: file === '' ? path : normalize(join(dirname(path), file)), heading };
    });
}

/** The headings of a page as links name them. */
export const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, words]) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Fenced blocks of a language; '' is none. */
export const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, name, code]) => (name === language ? code : []));

/** The rows of a page's tables: their cells. */
export const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/^\|(.*)\|$/gm)].map(([, row]) => row.split('|').map((cell) => cell.trim()));

/** The command lines of a page, continued lines joined and comments left out. */
export const commandsOf = (text: string): string[] =>
  blocksOf(text, '')
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => /^(npx tripletlab|npm run) /.test(line));
