import type { Data, Layout } from 'plotly.js-dist-min';
import { plotlyText, scriptJson, toJson } from '../html/escape.js';
import { html, safeHtml } from '../html/template.js';
import { figureScript } from './figure-script.js';
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
  const title = titleOf(figure.layout);
  const top = figure.layout.legend ? 44 : 20;
  const layout = title
    ? { ...figure.layout, title: undefined, margin: { ...figure.layout.margin, t: top } }
    : figure.layout;
  const json = scriptJson({ data: figure.data, layout, config });
  const id = `figure-${hash(json + title)}`;
  const height = figure.layout.height ?? defaultHeight;
  const drawn = scriptJson({ id, alt: figure.alt, data: figure.data, layout, config, onDark });
  const code = `(function(){${figureScript}(${drawn})})()`;
  const heading = html`<div style="font:20px/1.3 system-ui,sans-serif;text-align:center;margin:12px 0 0">${title}</div>`;
  return html`
    ${title ? heading : undefined}<div id="${id}" role="img" aria-label="${figure.alt}" style="width:100%;min-height:${Number(height)}px"></div>
    <script>${safeHtml(code)}</script>
  `.toString();
}
