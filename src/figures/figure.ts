import type { Data, Layout } from 'plotly.js-dist-min';
import { plotlyText, scriptJson, toJson } from '../html/escape.js';
import { html, safeHtml } from '../html/template.js';
import { onDark } from './palette.js';

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

/** A legend between title and axes, where it touches neither the title of an axis nor what is written below it. */
export const legendAbove: Partial<Layout['legend']> = {
  orientation: 'h',
  x: 0,
  xanchor: 'left',
  y: 1,
  yanchor: 'bottom',
};

/**
 * Returns the settings shared by all figures: type large enough for a projector, white background, thin grid, room for
 * the toolbar on the right.
 */
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
    title: {
      text: plotlyText(options.title),
      font: { size: 20 },
      yref: 'container',
      y: 1,
      yanchor: 'top',
      pad: { t: 14 },
    },
    font: { size: 16, color: '#111111' },
    height: options.height ?? defaultHeight,
    paper_bgcolor: 'white',
    plot_bgcolor: 'white',
    margin: { l: 70, r: 44, t: 84, b: 60 },
    modebar: { orientation: 'v' },
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
 * Draws every element with this id that is not drawn yet, and draws it anew where the page turns dark or light.
 *
 * The page's own colour of text is that of the figure, and the page shines through: so it is readable on any. Other
 * colours that suit a white page only are replaced on a dark one. Long titles of axes break.
 *
 * plotly.js comes from the page, or from a copy that the Jupyter server serves: that of `tripletlab notebook serve`,
 * that of `tripletlab notebook install` (Notebook 6, then JupyterLab and Notebook 7), or that in node_modules of the
 * server's folder. The script is self-contained, since it runs in the browser.
 */
const script = `function ink(el){var c=getComputedStyle(el).color,n=/^rgba?\\((\\d+), (\\d+), (\\d+)/.exec(c)||[0,0,0,0];
  return {color:c,dark:+n[1]+ +n[2]+ +n[3]>384}}
function recolor(v,dark){return typeof v==="string"?dark?onDark[v]||v.replace("rgba(0, 114, 178","rgba(61, 155, 217"):v:Array.isArray(v)?v.map(function(x){return recolor(x,dark)}):
  v&&typeof v==="object"?Object.keys(v).reduce(function(o,k){o[k]=recolor(v[k],dark);return o},{}):v}
function broken(text,most){var n=0;return text.split(/ (?![^<]*>)/).reduce(function(all,word){
  var long=word.replace(/<[^>]*>/g,"").length;if(/<br>/.test(word))n=0;
  if(n+long>most&&all){n=long+1;return all+"<br>"+word}
  n+=long+1;return all?all+" "+word:word},"")}
function draw(el){var i=ink(el),l=recolor(f.layout,i.dark);
  l.font=Object.assign({},l.font,{color:i.color});l.paper_bgcolor=l.plot_bgcolor="rgba(0,0,0,0)";
  Object.keys(l).forEach(function(k){var t=/^xaxis/.test(k)&&l[k].title,w=(l[k].domain||[0,1]);
    if(t&&t.text)t.text=broken(t.text,(w[1]-w[0])*el.clientWidth/9.5)});
  el.dataset.ink=i.color;el.tripletlabDraw=function(){draw(el)};Plotly.react(el,recolor(f.data,i.dark),l,f.config)}
function each(g){document.querySelectorAll('[id="'+id+'"]').forEach(g)}
function all(){each(function(el){if(!el.classList.contains("js-plotly-plot"))draw(el)})}
function again(){setTimeout(function(){document.querySelectorAll('[id^="figure-"]').forEach(function(el){
  if(el.tripletlabDraw&&el.dataset.ink!==ink(el).color)el.tripletlabDraw()})},50)}
if(!window.tripletlabWatch){window.tripletlabWatch=true;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change",again);
  new MutationObserver(again).observe(document.body,{attributes:true,attributeFilter:["class","data-jp-theme-light"]})}
function base(){var b=document.body.dataset.baseUrl,c=document.getElementById("jupyter-config-data");
  if(!b&&c)try{b=JSON.parse(c.textContent).baseUrl}catch(e){}
  return b||"/"}
if(window.Plotly)return all();
window.tripletlabPlotly=window.tripletlabPlotly||new Promise(function(ok,no){
  (function load(places){if(!places.length)return no();
    var s=document.createElement("script");s.src=base()+places[0]+"/plotly.min.js";
    s.onload=ok;s.onerror=function(){load(places.slice(1))};document.head.appendChild(s)
  })(["static","nbextensions/tripletlab","lab/extensions/tripletlab","files/node_modules/plotly.js-dist-min"])});
window.tripletlabPlotly.then(all,function(){each(function(el){
  el.textContent=alt+" (plotly.js not found: run tripletlab notebook install, or start with tripletlab notebook serve)"})})`;

/** Returns the text of plotly's title: its few tags removed, its entities read. */
function titleOf({ title }: Partial<Layout>): string {
  const text = typeof title === 'string' ? title : (title?.text ?? '');
  return text
    .replace(/<br ?\/?>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|amp);/g, (_, name: 'lt' | 'gt' | 'amp') => ({ lt: '<', gt: '>', amp: '&' })[name]);
}

/**
 * Returns the figure as an HTML fragment: its title, an element with its text alternative, and the script that draws it
 * there. The title stands above, where it breaks on a narrow page and the toolbar does not cover it.
 */
export function figureHtml(figure: Figure): string {
  const { title: _, ...untitled } = figure.layout;
  const title = titleOf(figure.layout);
  const top = figure.layout.legend ? 44 : 20;
  const layout = title ? { ...untitled, margin: { ...untitled.margin, t: top } } : figure.layout;
  const json = scriptJson({ data: figure.data, layout, config });
  const id = `figure-${hash(json + title)}`;
  const height = figure.layout.height ?? defaultHeight;
  const code = `(function(){var f=${json},id="${id}",alt=${scriptJson(figure.alt)},onDark=${scriptJson(onDark)};\n${script}})()`;
  const heading = html`<div style="font:20px/1.3 system-ui,sans-serif;text-align:center;margin:12px 0 0">${title}</div>`;
  return html`
    ${title ? heading : undefined}<div id="${id}" role="img" aria-label="${figure.alt}" style="width:100%;min-height:${Number(height)}px"></div>
    <script>${safeHtml(code)}</script>
  `.toString();
}
