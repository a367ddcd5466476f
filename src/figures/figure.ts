import type { Data, Layout } from 'plotly.js-dist-min';
import { plotlyText, scriptJson, toJson } from '../html/escape.js';
import { html, safeHtml } from '../html/template.js';

/** A figure of plotly.js: data, layout, and its content in words. */
export interface Figure {
  readonly data: readonly Data[];
  readonly layout: Partial<Layout>;
  /** The text alternative for readers who cannot see the figure. */
  readonly alt: string;
}

/** Height of a figure in pixels where its layout names none. */
export const defaultHeight = 450;

const config = { responsive: true, displaylogo: false };

/** Returns the settings shared by all figures: type large enough for a projector, white background, thin grid. */
export function baseLayout(options: { title: string; x?: string; y?: string; height?: number }): Partial<Layout> {
  const axis = (title: string | undefined) => ({
    ...(title === undefined ? {} : { title: { text: plotlyText(title) } }),
    automargin: true,
    gridcolor: '#DDDDDD',
    linecolor: '#444444',
    showline: true,
    zeroline: false,
  });
  return {
    title: { text: plotlyText(options.title), font: { size: 20 } },
    font: { size: 16, color: '#111111' },
    height: options.height ?? defaultHeight,
    paper_bgcolor: 'white',
    plot_bgcolor: 'white',
    margin: { l: 70, r: 30, t: 60, b: 60 },
    hoverlabel: { font: { size: 15 } },
    xaxis: axis(options.x),
    yaxis: axis(options.y),
  };
}

/** Returns the figure as plain JSON values: the content of `application/vnd.plotly.v1+json`. */
export function figureJson(figure: Figure): { data: unknown[]; layout: Record<string, unknown>; config: unknown } {
  const { data, layout } = figure;
  return JSON.parse(toJson({ data, layout, config })) as ReturnType<typeof figureJson>;
}

/** Hashes a text by FNV-1a to 8 hexadecimal digits: the same figure has the same id in every run. */
function hash(text: string): string {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0).toString(16).padStart(8, '0');
}

/**
 * Draws every element with this id that is not drawn yet. plotly.js comes from the page, or from a copy that the
 * Jupyter server serves: that of `tripletlab notebook serve`, that of `tripletlab notebook install` (Notebook 6, then
 * JupyterLab and Notebook 7), or that in node_modules of the server's folder. The script is self-contained, since it
 * runs in the browser.
 */
const script = `function draw(el){Plotly.newPlot(el,f.data,f.layout,f.config)}
function all(){document.querySelectorAll('[id="'+id+'"]:not(.js-plotly-plot)').forEach(draw)}
function base(){var b=document.body.dataset.baseUrl,c=document.getElementById("jupyter-config-data");
  if(!b&&c)try{b=JSON.parse(c.textContent).baseUrl}catch(e){}
  return b||"/"}
if(window.Plotly)return all();
window.tripletlabPlotly=window.tripletlabPlotly||new Promise(function(ok,no){
  (function load(places){if(!places.length)return no();
    var s=document.createElement("script");s.src=base()+places[0]+"/plotly.min.js";
    s.onload=ok;s.onerror=function(){load(places.slice(1))};document.head.appendChild(s)
  })(["static","nbextensions/tripletlab","lab/extensions/tripletlab","files/node_modules/plotly.js-dist-min"])});
window.tripletlabPlotly.then(all,function(){document.querySelectorAll('[id="'+id+'"]').forEach(function(el){
  el.textContent=alt+" (plotly.js not found: run tripletlab notebook install, or start with tripletlab notebook serve)"})})`;

/** Returns the figure as an HTML fragment: an element with its text alternative, and the script that draws it there. */
export function figureHtml(figure: Figure): string {
  const json = scriptJson({ data: figure.data, layout: figure.layout, config });
  const id = `figure-${hash(json)}`;
  const height = figure.layout.height ?? defaultHeight;
  const code = `(function(){var f=${json},id="${id}",alt=${scriptJson(figure.alt)};\n${script}})()`;
  return html`
    <div id="${id}" role="img" aria-label="${figure.alt}" style="width:100%;min-height:${Number(height)}px"></div>
    <script>${safeHtml(code)}</script>
  `.toString();
}
