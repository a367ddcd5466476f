/** An axis as figures have it here. */
interface Axis {
  domain?: [number, number];
  anchor?: string;
  title?: { text?: string };
}

type Values = Record<string, unknown>;

/** What the script draws: the parts of a figure, and which colours to replace on a dark page. */
export interface DrawnFigure {
  readonly id: string;
  readonly data: Values[];
  readonly layout: Values;
  readonly config: unknown;
  readonly alt: string;
  readonly onDark: Readonly<Record<string, string>>;
}

interface FigureElement extends HTMLElement {
  tripletlabDraw?: () => void;
}

/** What the page and figures drawn before leave in the window. */
interface FigureWindow {
  Plotly?: { react(element: HTMLElement, data: unknown, layout: unknown, config: unknown): void };
  tripletlabPlotly?: Promise<unknown>;
  tripletlabWatch?: boolean;
}

/** Returns the page's colour of text at an element, and whether that is for a dark page. */
function inkOf(element: HTMLElement): { color: string; dark: boolean } {
  const { color } = getComputedStyle(element);
  const [r, g, b] = (/^rgba?\((\d+), (\d+), (\d+)/.exec(color) ?? []).slice(1).map(Number);
  return { color, dark: r + g + b > 384 };
}

/** Copies a part of a figure, with other colours on a dark page. */
function recolored(value: unknown, dark: boolean, onDark: DrawnFigure['onDark']): unknown {
  if (typeof value === 'string')
    return dark ? (onDark[value] ?? value.replace('rgba(0, 114, 178', 'rgba(61, 155, 217')) : value;
  if (Array.isArray(value)) return value.map((one) => recolored(one, dark, onDark));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, recolored(one, dark, onDark)]));
}

/** Breaks a text between words, into lines of so many letters; tags do not count. */
function brokenText(text: string, most: number): string {
  let length = 0;
  return text.split(/ (?![^<]*>)/).reduce((all, word) => {
    const own = word.replace(/<[^>]*>/g, '').length + 1;
    if (/<br>/.test(word)) length = 0;
    const breaks = all !== '' && length + own > most;
    length = breaks ? own : length + own;
    return all === '' ? word : `${all}${breaks ? '<br>' : ' '}${word}`;
  }, '');
}

/** Puts panels that stand side by side one below the other. */
function stackPanels(layout: Record<string, Axis> & { height?: number }, data: Values[]): void {
  const names = Object.keys(layout).filter((name) => /^xaxis/.test(name) && (layout[name].domain ?? [0, 1])[1] - (layout[name].domain ?? [0, 1])[0] < 1); // prettier-ignore
  const n = names.length;
  if (n < 2) return;
  names.sort((a, b) => layout[a].domain![0] - layout[b].domain![0]);
  names.forEach((x, i) => {
    const y = `y${x.slice(1)}`;
    layout[x] = { ...layout[x], domain: [0, 1], anchor: y.replace('axis', '') };
    const domain: [number, number] = [1 - (i + 1) / n + (i < n - 1 ? 0.34 / n : 0), 1 - i / n];
    layout[y] = { ...layout[y], domain, anchor: x.replace('axis', '') };
  });
  for (const trace of data)
    if (trace['colorbar']) Object.assign(trace['colorbar'], { x: 1, y: 1, yanchor: 'top', len: 0.66 / n });
  layout.height = n * 0.8 * (layout.height ?? 450);
}

/** Draws a figure in the colours and the width of the page around it. */
function drawFigure(element: FigureElement, figure: DrawnFigure): void {
  const { color, dark } = inkOf(element);
  const data = recolored(figure.data, dark, figure.onDark) as Values[];
  const layout = recolored(figure.layout, dark, figure.onDark) as Record<string, Axis>;
  const narrow = element.clientWidth < 600;
  if (narrow) stackPanels(layout as Parameters<typeof stackPanels>[0], data);
  for (const [name, { domain: [left, right] = [0, 1], title }] of Object.entries(layout).filter(([key]) =>
    /^xaxis/.test(key),
  ))
    // prettier-ignore
    if (title?.text) layout[name].title!.text = brokenText(title.text, ((right - left) * element.clientWidth) / 9.5);
  const none = 'rgba(0,0,0,0)'; // the page shines through
  const shown = { ...layout, font: { ...layout['font'], color }, paper_bgcolor: none, plot_bgcolor: none };
  element.dataset['ink'] = color;
  element.dataset['narrow'] = String(narrow);
  element.tripletlabDraw = () => {
    drawFigure(element, figure);
  };
  (window as FigureWindow).Plotly!.react(element, data, shown, figure.config);
}

/** Draws figures anew where the page turns dark or light, narrow or wide; once a page, for all its figures. */
function watchPage(): void {
  const page = window as FigureWindow;
  if (page.tripletlabWatch) return;
  page.tripletlabWatch = true;
  const look = (): void => {
    setTimeout(() => {
      for (const element of document.querySelectorAll<FigureElement>('[id^="figure-"]')) {
        const { ink, narrow } = element.dataset;
        if (ink !== inkOf(element).color || narrow !== String(element.clientWidth < 600)) element.tripletlabDraw?.();
      }
    }, 50);
  };
  addEventListener('resize', look);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look);
  new MutationObserver(look).observe(document.body, { attributeFilter: ['class', 'data-jp-theme-light'] });
}

/**
 * Loads plotly.js once, from a copy that the Jupyter server serves: that of `tripletlab notebook serve`, that of
 * `tripletlab notebook install` (Notebook 6, then JupyterLab and Notebook 7), or that in node_modules of the server's
 * folder.
 */
function loadPlotly(): Promise<unknown> {
  const page = window as FigureWindow;
  let base = document.body.dataset['baseUrl'];
  try {
    const written = document.getElementById('jupyter-config-data')?.textContent;
    if (!base && written) base = (JSON.parse(written) as { baseUrl?: string }).baseUrl;
  } catch {
    // not ours
  }
  const load = ([place, ...others]: string[]): Promise<unknown> =>
    new Promise((done, failed) => {
      const script = document.createElement('script');
      script.src = `${base || '/'}${place}/plotly.min.js`;
      script.onload = done;
      script.onerror = () => {
        if (others.length === 0) failed(new Error('no plotly.js'));
        else load(others).then(done, failed);
      };
      document.head.appendChild(script);
    });
  const places = ['static', 'nbextensions/tripletlab', 'lab/extensions/tripletlab', 'files/node_modules/plotly.js-dist-min']; // prettier-ignore
  return (page.tripletlabPlotly ??= load(places));
}

/** Draws every element with the figure's id that is not drawn yet. */
function showFigure(figure: DrawnFigure): void {
  const elements = (): FigureElement[] => [...document.querySelectorAll<FigureElement>(`[id="${figure.id}"]`)];
  const draw = (): void => {
    watchPage();
    for (const element of elements()) if (!element.classList.contains('js-plotly-plot')) drawFigure(element, figure);
  };
  if ((window as FigureWindow).Plotly) {
    draw();
    return;
  }
  loadPlotly().then(draw, () => {
    for (const element of elements())
      element.textContent = `${figure.alt} (plotly.js not found: run tripletlab notebook install, or start with tripletlab notebook serve)`;
  });
}

const functions = [inkOf, recolored, brokenText, stackPanels, drawFigure, watchPage, loadPlotly, showFigure];

/**
 * The script that draws a figure, with the figure's JSON to follow in parentheses.
 *
 * The page's own colour of text is that of the figure, and the page shines through: so it is readable on any. On a narrow
 * page long titles of axes break, and panels stand one below the other. Its functions use nothing but each other, since
 * their source is sent to the browser.
 */
export const figureScript = `const __name=function(f){return f};\n${functions.map(String).join('\n')}\nshowFigure`;
