import { writeFileAtomic } from '../../files.js';
import { drawFigures, drawHtml, type PlotlyJson } from './draw-pictures.js';
import { joined, readNotebook, writeNotebook, type Notebook, type Output } from '../notebook-file.js';

/** The MIME type of figures, which JupyterLab and VS Code draw themselves. */
export const plotlyType = 'application/vnd.plotly.v1+json';
/** The MIME type under which a notebook keeps HTML that code hosts would show in place of its picture. */
export const liveHtmlType = 'application/vnd.tripletlab.html';

/** Does this HTML show anything but text? */
const draws = (html: string): boolean => /<(img|svg|canvas|script)\b/i.test(html);

/** Returns the live HTML of an output that is no figure, if it draws something. */
function liveHtml({ data = {} }: Output): string | undefined {
  const html = data[liveHtmlType] ?? data['text/html'];
  return data[plotlyType] === undefined && html !== undefined && draws(joined(html)) ? joined(html) : undefined;
}

/** An output that draws something: its live form, and a picture of it. */
export interface Drawn {
  readonly output: Output;
  readonly live: Readonly<Record<string, unknown>>;
  readonly picture: string;
}

/** Returns the outputs that are figures or views, each with its picture: the one kept with it, or one drawn now. */
export async function picturesOf({ cells }: Notebook): Promise<Drawn[]> {
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const missing = ({ data }: Output): boolean => data!['image/png'] === undefined;
  const figures = outputs.filter((output) => output.data?.[plotlyType] !== undefined);
  const views = outputs.filter((output) => liveHtml(output) !== undefined);
  const [newFigures, newViews] = [figures.filter(missing), views.filter(missing)];
  const drawn = [
    ...(await drawFigures(newFigures.map(({ data }) => data![plotlyType] as PlotlyJson))),
    ...(await drawHtml(newViews.map((output) => liveHtml(output)!))),
  ];
  const pictures = new Map([...newFigures, ...newViews].map((output, i) => [output, drawn[i]]));
  return [...figures, ...views].map((output) => {
    const figure = output.data![plotlyType];
    return {
      output,
      live: figure === undefined ? { [liveHtmlType]: liveHtml(output) } : { [plotlyType]: figure },
      picture: pictures.get(output) ?? joined(output.data!['image/png']),
    };
  });
}

/**
 * Gives each figure and view of an executed notebook a picture in place of its HTML. Code hosts do not run that HTML:
 * they show the picture. Programs that draw figures themselves (JupyterLab, VS Code, our export) show them live.
 *
 * @throws UsageError where the notebook is invalid or, if it has figures, Chromium is missing
 */
export async function keepPictures(file: string): Promise<void> {
  const notebook = readNotebook(file);
  for (const { output, live, picture } of await picturesOf(notebook))
    output.data = { ...live, 'image/png': picture, 'text/plain': output.data!['text/plain'] ?? '[figure]' };
  writeFileAtomic(file, writeNotebook(notebook));
}
