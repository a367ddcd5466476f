import { createHash } from 'node:crypto';
import { scriptJson } from '../../html/escape.js';
import { html, safeHtml, type SafeHtml } from '../../html/template.js';
import { palette } from '../palette.js';
import { type Tools, tools } from './script-helpers.js';

/** An interactive picture or table: HTML with its own script, which needs nothing else. */
export interface View {
  readonly html: string;
  /** The text alternative for readers who cannot see it. */
  readonly alt: string;
}

interface ViewParts<D> {
  readonly title: string;
  readonly alt: string;
  /** A note on what is shown, what was left out and how it was chosen. */
  readonly note: string;
  readonly controls?: SafeHtml;
  readonly data: D;
  /** The body in its first state, for pages where scripts do not run. */
  readonly body: SafeHtml;
  /**
   * Makes the view interactive. Its source is sent to the browser, so that it may use only its own body and the tools.
   */
  readonly script: (root: HTMLElement, data: D, tools: Tools) => void;
  /** Further functions that the script calls by name. */
  readonly functions?: readonly ((...values: never[]) => unknown)[];
}

/** A thin line on any page: views have the colours of the page around them, light or dark. */
const line = 'color-mix(in srgb,currentColor 25%,transparent)';

const style = `.tl-view{margin:0 0 12px;padding:12px;border:1px solid ${line};border-radius:6px;color:inherit;font:16px/1.4 system-ui,sans-serif;box-sizing:border-box;max-width:min(1100px,100%)}
.tl-view *{box-sizing:border-box}
.tl-view img{margin:0;max-width:none;object-fit:contain;display:block;background:#fff}
.tl-view .tl-title{font-weight:bold;font-size:18px;margin:0 0 8px}
.tl-view .tl-controls{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin:0 0 10px}
.tl-view .tl-controls label{display:inline-flex;gap:6px;align-items:center;font-size:16px;font-weight:normal;margin:0}
.tl-view button,.tl-view select,.tl-view input:not([type=range]){font:inherit;color:#111;background:#fff;border:1px solid #767676;border-radius:4px;padding:3px 10px;width:auto;height:auto;margin:0;max-width:min(260px,100%)}
.tl-view input[type=range]{max-width:100%}
.tl-view button:hover{background:#eef5fa}
.tl-view button[disabled]{color:#666;background:#e8e8e8}
.tl-view .tl-row{display:flex;gap:6px;align-items:stretch}
.tl-view .tl-row img{max-width:100%;height:auto}
.tl-view .tl-line{border-top:1px solid ${line};padding:8px 0}
.tl-view .tl-right{color:${palette[2]}}
.tl-view .tl-wrong{color:${palette[1]}}
.tl-view :focus-visible,.tl-view:focus-visible{outline:3px solid ${palette[5]};outline-offset:2px}
.tl-view .tl-note{font-size:14px;margin:10px 0 0}
.tl-view .tl-blank{display:flex;align-items:center;justify-content:center;text-align:center;background:#f0f0f0;color:#333;font-size:13px;overflow:hidden;overflow-wrap:anywhere;padding:2px}
.tl-view .tl-name{font-size:14px;line-height:1.25;overflow:hidden;overflow-wrap:anywhere;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}`;

/**
 * Makes a view an HTML fragment; the same view has the same id in every run.
 *
 * Any number of copies work on a page, offline, and a notebook does not receive the keys that a view handles.
 */
export function makeView<D>(parts: ViewParts<D>): View {
  const { title, alt, note, controls, data, body, script, functions = [] } = parts;
  const json = scriptJson(data);
  const id = createHash('sha256').update(title).update(script.name).update(json).digest('hex').slice(0, 12);
  const sources = [...Object.values(tools), ...functions, script].map(String).join('\n');
  // esbuild wraps functions in __name to keep their names.
  const code = `(function(){const __name=function(f){return f};
${sources}
const data=${json};
document.querySelectorAll('[data-view="${id}"]:not([data-live])').forEach(function(root){
root.setAttribute('data-live','');${script.name}(root,data,{${Object.keys(tools).join(',')}})})})()`;
  const whole = code.replace(/<\/script/gi, '<\\/script').replace(/<!--/g, '<\\!--');
  // suppress-shortcuts: otherwise JupyterLab takes single keys for its own commands.
  const view = html`
    <style>${safeHtml(style)}</style>
    <figure class="tl-view" data-view="${id}" tabindex="0" aria-label="${alt}" data-lm-suppress-shortcuts="true">
    <figcaption class="tl-title">${title}</figcaption>
    ${controls && html`<div class="tl-controls">${controls}</div>`}
    <div data-part="body">${body}</div><p class="tl-note">${note}</p></figure>
    <script>${safeHtml(whole)}</script>
  `;
  return { alt, html: view.toString() };
}
