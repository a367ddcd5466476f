import { html } from '../../html/template.js';
import { palette } from '../palette.js';
import { type Picture, pictureHtml } from './picture.js';

export interface TripletsOptions {
  /** True: anchor, positive, negative. False: two alike, then the odd one out. */
  directed?: boolean;
  caption?: string;
  /** Width and height of a picture, pixels. */
  size?: number;
  /** A remark on each triplet, at the end of its row. */
  remarks?: readonly string[];
}

const defaults = { directed: false, caption: 'Triplets', size: 96, remarks: [] };

/** The three places of a triplet, each with a name and a frame; frames differ in line style as well as in colour. */
const roles = {
  undirected: [
    { label: 'alike', frame: `3px solid ${palette[0]}` },
    { label: 'alike', frame: `3px solid ${palette[0]}` },
    { label: 'odd one out', frame: `3px dashed ${palette[1]}` },
  ],
  directed: [
    { label: 'anchor', frame: `3px double currentColor` },
    { label: 'near', frame: `3px solid ${palette[0]}` },
    { label: 'far', frame: `3px dashed ${palette[1]}` },
  ],
} as const;

/** Shows triplets as pictures, a row each; a word and a frame mark each picture's place in the triplet. */
export function tripletsHtml(
  triplets: readonly (readonly [Picture, Picture, Picture])[],
  options: TripletsOptions = {},
): string {
  const { directed, caption, size, remarks } = { ...defaults, ...options };
  const places = directed ? roles.directed : roles.undirected;
  const rows = triplets.map((triplet, t) => {
    const cells = triplet.map((picture, p) => {
      const { label, frame } = places[p];
      // A name stands under its picture; without a picture it is there already.
      const name = picture.source === undefined ? undefined : html`<br>${picture.name}`;
      return html`
        <td style="text-align:center;padding:6px"><div style="display:inline-block;border:${frame};padding:4px">
        ${pictureHtml(picture, size, label)}<div style="font-size:14px"><b>${label}</b>${name}</div></div></td>
      `;
    });
    const remark = remarks[t] === undefined ? undefined : html`<td style="padding:6px">${remarks[t]}</td>`;
    return html`<tr><th scope="row" style="padding:6px">${t + 1}</th>${cells}${remark}</tr>`;
  });
  return html`
    <table style="border-collapse:collapse;font-size:16px"><caption style="text-align:left;font-weight:bold">
    ${caption}</caption><tbody>${rows}</tbody></table>
  `.toString();
}
