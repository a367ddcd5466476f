import {
  texAccents,
  texAlphabet,
  texFunctions,
  texLarge,
  texLetters,
  texLimits,
  texOperators,
  texSpaces,
} from './tex-symbols.js';

/** Every character but letters and digits as a number: neither HTML nor Markdown finds anything of its own in it. */
const escape = (text: string): string => text.replace(/[^A-Za-z0-9]/gu, (c) => `&#${c.codePointAt(0)};`);
const element = (name: string, ...children: string[]): string => `<${name}>${children.join('')}</${name}>`;
const leaf = (name: string, text: string): string => element(name, escape(text));

/** An operator; a fence grows only between `\left` and `\right`, as in TeX. */
const operator = (text: string): string =>
  /^[()[\]{}|‖⟨⟩⌊⌋⌈⌉]$/u.test(text) ? `<mo stretchy="false">${escape(text)}</mo>` : leaf('mo', text);

/** What the converter does not know; the formula is then shown as its source. */
class Unsupported extends Error {}

/** An expression already converted; `limits` where scripts belong above and below it. */
interface Atom {
  readonly html: string;
  readonly limits?: true;
}

class Parser {
  #at = 0;
  readonly #tokens: readonly string[];

  constructor(tex: string) {
    this.#tokens = tex.match(/\\([A-Za-z]+\*?|[\s\S])|[\s\S]/gu) ?? [];
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #skipSpace(): void {
    while (this.#next?.trim() === '') this.#at++;
  }

  #take(expected?: string): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw new Unsupported();
    return token;
  }

  /** The raw text of a `{group}`, for `\text` and names. */
  #raw(): string {
    this.#skipSpace();
    this.#take('{');
    let text = '';
    for (let depth = 1; ;) {
      const token = this.#take();
      if (token === '{') depth++;
      if (token === '}' && --depth === 0) return text;
      text += token;
    }
  }

  /** The expressions up to one of the ends, which is not taken. */
  row(ends: readonly string[] = []): string {
    const atoms: string[] = [];
    for (;;) {
      this.#skipSpace();
      if (this.#next === undefined) {
        if (ends.length) throw new Unsupported();
        break;
      }
      if (ends.includes(this.#next)) break;
      atoms.push(this.#scripted());
    }
    return atoms.length === 1 ? atoms[0] : element('mrow', ...atoms);
  }

  #scripted(): string {
    const base = this.#next === '_' || this.#next === '^' ? { html: element('mrow') } : this.#atom();
    let below: string | undefined;
    let above: string | undefined;
    for (;;) {
      this.#skipSpace();
      if (this.#next === '_' && below === undefined) {
        this.#at++;
        below = this.#argument();
      } else if (this.#next === '^' && above === undefined) {
        this.#at++;
        above = this.#argument();
      } else if (this.#next === "'" && above === undefined) {
        let primes = '';
        for (; this.#next === "'"; this.#at++) primes += '′';
        above = leaf('mo', primes);
      } else break;
    }
    const [sub, sup, both] = base.limits ? ['munder', 'mover', 'munderover'] : ['msub', 'msup', 'msubsup'];
    if (below !== undefined && above !== undefined) return element(both, base.html, below, above);
    if (below !== undefined) return element(sub, base.html, below);
    return above === undefined ? base.html : element(sup, base.html, above);
  }

  #argument(): string {
    this.#skipSpace();
    return this.#atom().html;
  }

  #group(end: string): string {
    const html = this.row([end]);
    this.#take(end);
    return html;
  }

  #atom(): Atom {
    const token = this.#take();
    if (token === '{') return { html: element('mrow', this.#group('}')) };
    if (token.startsWith('\\')) return this.#command(token.slice(1));
    if (/[0-9]/.test(token)) {
      let number = token;
      while (
        /[0-9.]/.test(this.#next ?? '') &&
        !(this.#next === '.' && !/[0-9]/.test(this.#tokens[this.#at + 1] ?? ''))
      )
        number += this.#take();
      return { html: leaf('mn', number) };
    }
    if (/\p{L}/u.test(token)) return { html: leaf('mi', token) };
    if (/[}&^_#$%]/.test(token)) throw new Unsupported();
    return { html: operator(token === '-' ? '−' : token === '*' ? '∗' : token) };
  }

  #command(name: string): Atom {
    if (Object.hasOwn(texLetters, name)) return { html: leaf('mi', texLetters[name]) };
    if (Object.hasOwn(texOperators, name)) return { html: operator(texOperators[name]) };
    if (Object.hasOwn(texLarge, name))
      return { html: `<mo movablelimits="true">${escape(texLarge[name])}</mo>`, limits: true };
    if (texFunctions.includes(name)) return this.#named(name, texLimits.includes(name));
    if (Object.hasOwn(texSpaces, name)) return { html: `<mspace width="${texSpaces[name]}em"></mspace>` };
    if (Object.hasOwn(texAccents, name)) {
      const { mark, below } = texAccents[name];
      return { html: element(below ? 'munder' : 'mover', this.#argument(), leaf('mo', mark)) };
    }
    const make = Object.hasOwn(constructs, name) ? constructs[name] : undefined;
    if (!make) throw new Unsupported();
    return make(this.#reader);
  }

  #named(name: string, limits: boolean): Atom {
    if (limits) return { html: `<mo movablelimits="true">${escape(name)}</mo>`, limits: true };
    return { html: `${leaf('mi', name)}<mspace width="0.17em"></mspace>` };
  }

  /** A delimiter after `\left` or `\right`; a dot stands for none. */
  #delimiter(): string {
    this.#skipSpace();
    const token = this.#take();
    const text = token.startsWith('\\') ? (texOperators[token.slice(1)] as string | undefined) : token;
    return text === undefined || text === '.' ? '' : `<mo stretchy="true">${escape(text)}</mo>`;
  }

  /** What the constructs below read by. */
  readonly #reader: Reader = {
    argument: () => this.#argument(),
    raw: () => this.#raw(),
    named: (name, limits) => this.#named(name, limits),
    optional: () => {
      this.#skipSpace();
      if (this.#next !== '[') return undefined;
      this.#at++;
      return this.#group(']');
    },
    fence: () => {
      const open = this.#delimiter();
      const inner = this.#group('\\right');
      return element('mrow', open, inner, this.#delimiter());
    },
    delimiter: () => this.#delimiter(),
    cells: (end) => {
      const rows: string[][] = [[]];
      for (;;) {
        rows[rows.length - 1].push(this.row(['&', '\\\\', '\\end']));
        const separator = this.#take();
        if (separator === '\\\\') rows.push([]);
        if (separator === '\\end') break;
      }
      if (this.#raw() !== end) throw new Unsupported();
      return rows;
    },
  };
}

interface Reader {
  argument(): string;
  raw(): string;
  optional(): string | undefined;
  named(name: string, limits: boolean): Atom;
  fence(): string;
  delimiter(): string;
  cells(end: string): string[][];
}

/** Delimiters around the rows of an environment. */
const environments: Readonly<Record<string, readonly [string, string]>> = {
  aligned: ['', ''],
  'align*': ['', ''],
  align: ['', ''],
  matrix: ['', ''],
  pmatrix: ['(', ')'],
  bmatrix: ['[', ']'],
  cases: ['{', ''],
};

const fraction = (read: Reader): Atom => ({ html: element('mfrac', read.argument(), read.argument()) });
const upright = (read: Reader): Atom => ({ html: `<mi mathvariant="normal">${escape(read.raw())}</mi>` });
const text = (read: Reader): Atom => ({ html: leaf('mtext', read.raw()) });
const bold = (read: Reader): Atom => ({ html: `<mrow style="font-weight:bold">${read.argument()}</mrow>` });
const alphabet =
  (name: 'bb' | 'cal') =>
  (read: Reader): Atom => ({
    html: leaf('mi', [...read.raw()].map((letter) => texAlphabet(name, letter)).join('')),
  });
const ignored = (read: Reader): Atom => ({ html: read.delimiter() });

const constructs: Readonly<Record<string, (read: Reader) => Atom>> = {
  frac: fraction,
  tfrac: fraction,
  dfrac: fraction,
  sqrt: (read) => {
    const degree = read.optional();
    const inner = read.argument();
    return { html: degree === undefined ? element('msqrt', inner) : element('mroot', inner, degree) };
  },
  text,
  textrm: text,
  mathrm: upright,
  mathit: upright,
  mathsf: upright,
  operatorname: (read) => read.named(read.raw(), false),
  'operatorname*': (read) => read.named(read.raw(), true),
  mathbf: bold,
  boldsymbol: bold,
  bm: bold,
  mathbb: alphabet('bb'),
  mathcal: alphabet('cal'),
  left: (read) => ({ html: read.fence() }),
  big: ignored,
  Big: ignored,
  bigl: ignored,
  bigr: ignored,
  Bigl: ignored,
  Bigr: ignored,
  begin: (read) => {
    const name = read.raw();
    const ends = Object.hasOwn(environments, name) ? environments[name] : undefined;
    if (!ends) throw new Unsupported();
    const rows = read.cells(name).map((cells) => element('mtr', ...cells.map((cell) => element('mtd', cell))));
    const [open, close] = ends.map((end) => (end ? leaf('mo', end) : ''));
    return { html: element('mrow', open, element('mtable', ...rows), close) };
  },
};

/**
 * A formula of TeX as MathML, which browsers draw without a network; undefined where it uses what is not supported.
 *
 * Supported: scripts, fractions, roots, Greek, common operators and functions, accents, fences, text, matrices, cases.
 */
export function texToMathml(tex: string, display: boolean): string | undefined {
  try {
    const html = new Parser(tex.trim()).row();
    return `<math${display ? ' display="block"' : ''} alttext="${escape(tex.trim())}">${html}</math>`;
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}
