/** The role of a column; `odd` replaces the negative where there is no anchor. */
type Role = 'anchor' | 'positive' | 'negative' | 'odd';

const vocabulary: Readonly<Record<Role, readonly string[]>> = {
  anchor: ['anchor', 'a', 'head', 'query', 'q', 'reference', 'ref', 'probe', 'standard'],
  positive:
    'near nearer nearest winner positive pos p similar sim closer close closest match matching same chosen selected'.split(
      ' ',
    ),
  negative:
    'far farther further farthest furthest loser negative neg n dissimilar dissim different diff distant unlike nonmatch unchosen rejected unselected'.split(
      ' ',
    ),
  odd: ['odd', 'oddone', 'oddoneout', 'outlier'],
};
const roles = new Map(
  (Object.keys(vocabulary) as Role[]).flatMap((role) => vocabulary[role].map((word) => [word, role] as const)),
);
const opposites: Readonly<Record<Role, Role | null>> = {
  anchor: null,
  positive: 'negative',
  negative: 'positive',
  odd: null,
};
const negations = new Set(['not', 'non', 'less', 'least']);
/** Words that do not tell the role of a column. */
const fillers = new Set(
  'the one out is more most image images img jpg jpeg png picture pictures pic photo file filename name path url uri index idx item items stimulus stimuli stim object sample example id key number no nr'.split(' '), // prettier-ignore
);
const ordinals = new Map(
  ['first a i x', 'second b j y', 'third c k z'].flatMap((words, n) =>
    words.split(' ').map((word) => [word, n + 1] as const),
  ),
);

const persons = new Set('person worker participant subject rater annotator judge respondent user'.split(' '));

/** The names that a header may use, for errors. */
export const ACCEPTED_COLUMNS =
  'anchor, positive, negative; reference, similar, dissimilar; query, closer, farther; a, p, n; or odd, first, second';

/** The meaning of a header. */
export interface TripletColumns {
  /** The columns of anchor, positive and negative; without an anchor, the last one is the odd one. */
  readonly columns: readonly [number, number, number];
  /** Are the columns named by their roles? Otherwise only by their order. */
  readonly named: boolean;
  /** True with an anchor, false with an odd one and no anchor, null where the header does not say. */
  readonly directed: boolean | null;
  /** The column of persons, where roles are named and there is one such column. */
  readonly person?: number;
}

interface Word {
  readonly role: Role | null;
  /** The number of a name that counts, as in `second` or `item 2`. */
  readonly ordinal: number | null;
}

/**
 * Finds the columns that a header names, in any order and among others: each role once, or the odd one and two that are
 * alike, or `first, second, third` and nothing else. Beside roles, one column may say who answered (`person`, `worker`,
 * `participant`). Case, blanks, underscores and words such as `image` make no difference.
 *
 * @returns null where a role is missing or named twice
 */
export function tripletColumns(cells: readonly string[]): TripletColumns | null {
  const found = columnsOf(cells);
  const who = cells.flatMap((cell, column) => (isPerson(cell) ? [column] : []));
  return found?.named && who.length === 1 ? { ...found, person: who[0] } : found;
}

function columnsOf(cells: readonly string[]): TripletColumns | null {
  const words = cells.map(wordOf);
  const withRole = (role: Role) => words.flatMap((word, column) => (word?.role === role ? [column] : []));
  const [anchors, positives, negatives, odd] = (['anchor', 'positive', 'negative', 'odd'] as const).map(withRole);
  const last = [...negatives, ...odd];
  if (anchors.length === 1 && positives.length === 1 && last.length === 1)
    return { columns: [anchors[0], positives[0], last[0]], named: true, directed: odd.length === 0 ? true : null };
  if (odd.length === 1 && negatives.length === 0) {
    const pair = positives.length > 0 ? positives : counted(words);
    if (pair.length === 2) return { columns: [pair[0], pair[1], odd[0]], named: true, directed: false };
  }
  if (cells.length === 3 && counted(words).join() === '0,1,2')
    return { columns: [0, 1, 2], named: false, directed: null };
  return null;
}

/** Returns the columns whose names count, in that order; none where two have the same number. */
function counted(words: readonly (Word | null)[]): number[] {
  const columns = words.flatMap((word, column) => (word?.ordinal == null ? [] : [{ column, ordinal: word.ordinal }]));
  if (new Set(columns.map(({ ordinal }) => ordinal)).size < columns.length) return [];
  return columns.sort((a, b) => a.ordinal - b.ordinal).map(({ column }) => column);
}

/** Returns the words and numbers of a name without those that do not tell a role. */
function tellingTokens(cell: string): string[] {
  const tokens = cell
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/\p{L}+|\d+/gu);
  return (tokens ?? []).filter((token) => !fillers.has(token));
}

function isPerson(cell: string): boolean {
  const [token, ...others] = tellingTokens(cell);
  return others.length === 0 && persons.has(token);
}

function wordOf(cell: string): Word | null {
  const telling = tellingTokens(cell);
  const negated = telling.filter((token) => negations.has(token)).length % 2 === 1;
  const [token, number, ...others] = telling.filter((word) => !negations.has(word));
  if (token === undefined || others.length > 0 || (number !== undefined && !/^\d/.test(number))) return null;
  const role = roles.get(token) ?? null;
  if (negated) return role === null || opposites[role] === null ? null : { role: opposites[role], ordinal: null };
  if (number !== undefined) return role === null ? null : { role, ordinal: null };
  const ordinal = /^\d/.test(token) ? Number(token) : (ordinals.get(token) ?? null);
  return role === null && ordinal === null ? null : { role, ordinal };
}
