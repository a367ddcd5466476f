import { html, safeHtml } from '../../html/template.js';

/** Code of more lines is folded. */
const MOST_LINES = 20;

/** Matches the code of a cell as nbconvert writes it; code in Markdown has no language behind `hl-`. */
const cells = /<div class="\s*highlight hl-[\w-]+"><pre>([\s\S]*?)<\/pre><\/div>/g;

/** Matches a name that a line declares for the cells that follow. */
const declared = /^(?:export )?(?:async )?(?:const|let|function|class|interface|type) (\w+|\{[^}\n]*\})/gm;

/** Says what is in a cell: its first line where that is a comment, or else the names that it declares. */
function contentOf(text: string): string {
  const [, comment] = /^\s*\/\/ ?(.*)/.exec(text) ?? [];
  if (comment) return comment;
  const names = [...text.matchAll(declared)].map(([, name]) => name.replace(/^\{ ?| ?\}$/g, ''));
  return names.length > 0 ? `makes ${names.join(', ')}` : text.trim().split('\n')[0];
}

/** Folds long code in a page of nbconvert, below a line that says what is inside. */
export function foldLongCode(page: string): string {
  return page.replace(cells, (code: string, inner: string) => {
    const text = inner.replace(/<[^>]*>/g, ''); // still escaped
    const lines = text.trimEnd().split('\n').length;
    if (lines <= MOST_LINES) return code;
    return html`<details class="tl-code"><summary>${lines} lines of code: ${safeHtml(contentOf(text))}</summary>${safeHtml(code)}</details>`.toString();
  });
}
