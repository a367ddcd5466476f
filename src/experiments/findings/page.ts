import type { Finding } from './finding.js';

const lines = (sentences: readonly string[]): string =>
  sentences
    .filter((sentence) => sentence !== '')
    .map((sentence) => `- ${sentence.replace(/[<>|*_~]/g, '\\$&')}\n`)
    .join('');

/** Writes the findings as a page of Markdown. */
export function findingsPage(findings: readonly Finding[]): string {
  return [
    '# Findings\n',
    'What the kept runs say of each claim of the method. `npx tripletlab experiments findings` writes this page; all numbers come from the tables in this folder, and those from `records/` where it has the runs: `npx tripletlab experiments collect all --profile small --to notebooks/results` makes these tables anew.\n',
    "Differences are over runs of equal split, repetition and seed. Intervals are by Student's t; `p` is of a paired sign-flip permutation test; a second one is corrected by Holm's method for all comparisons of a claim. A difference smaller than .01 does not count.\n",
    ...findings.map(
      ({ claim, says, cannot }) =>
        `## ${claim}\n\n${says.length === 0 ? 'No run yet.\n' : lines(says)}\nWhat these runs cannot say:\n\n${lines(cannot)}`,
    ),
  ].join('\n');
}
