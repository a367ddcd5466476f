import { lossSvg, type ShownLosses } from './loss-svg.js';
import type { Tools } from './script-helpers.js';

/** Lets slider, list and keys choose the place and the loss that are drawn. */
export function lossScript(root: HTMLElement, data: ShownLosses, tools: Tools): void {
  const { moved, onKeys, part } = tools;
  const slider = part<HTMLInputElement>(root, 'place');
  const select = root.querySelector<HTMLSelectElement>('[data-part="loss"]');
  const draw = (): void => {
    const [loss, frame] = [Number(select?.value ?? 0), Number(slider.value)];
    const { values, descents } = data.curves[loss];
    part(root, 'body').innerHTML = lossSvg(data, loss, frame, tools, root.clientWidth < 600);
    part(root, 'told').textContent =
      `${data.places[frame].toFixed(0)}°, loss ${values[frame].toPrecision(3)}, descent ${descents[frame][data.moving].toPrecision(2)} a radian`;
    root.dataset.frame = `${loss},${frame}`;
  };
  slider.addEventListener('input', draw);
  // A notebook uses arrow keys itself.
  slider.addEventListener('keydown', (event) => {
    event.stopPropagation();
  });
  select?.addEventListener('change', draw);
  onKeys(root, (key) => {
    const to = moved(key, Number(slider.value), data.places.length);
    if (to === undefined) return false;
    slider.value = String(to);
    draw();
    return true;
  });
  new ResizeObserver(draw).observe(root);
  draw();
}
