import type { Page } from 'playwright-core';

/**
 * Text that cannot be read for want of contrast, each with its contrast and colour. WCAG 2.1 asks for 4.5 at least, and
 * for 3 of marks without a letter or digit.
 */
export function paleTexts(tab: Page): Promise<string[]> {
  return tab.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const brush = canvas.getContext('2d', { willReadFrequently: true })!;
    /** The colour that colours painted over each other come to: red, green, blue. */
    const painted = (colors: readonly string[]): number[] => {
      brush.clearRect(0, 0, 1, 1);
      for (const color of colors) {
        brush.fillStyle = color;
        brush.fillRect(0, 0, 1, 1);
      }
      return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb: readonly number[]): number => {
      const [r, g, b] = rgb.map((x) => (x / 255 <= 0.04045 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const known = new Map<string, number>();
    const contrast = (text: string, backgrounds: readonly string[]): number => {
      const key = [...backgrounds, text].join('|');
      if (!known.has(key)) {
        const [a, b] = [painted(backgrounds), painted([...backgrounds, text])].map(luminance);
        known.set(key, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
      }
      return known.get(key)!;
    };
    const pale: string[] = [];
    for (const element of document.querySelectorAll('body *')) {
      if (element.closest('script, style, noscript, option, [disabled], .bars, .heatmaplayer, .hm')) continue;
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '');
      if (!own || element.getClientRects().length === 0) continue;
      const style = getComputedStyle(element);
      if (style.visibility === 'hidden') continue;
      const around: string[] = [];
      for (let at: Element | null = element; at; at = at.parentElement)
        around.unshift(getComputedStyle(at).backgroundColor);
      const color = element instanceof SVGElement ? style.fill : style.color;
      const found = contrast(color, around);
      if (found < (/[\p{L}\p{N}]/u.test(element.textContent!) ? 4.5 : 3))
        pale.push(`${found.toFixed(2)}: ${element.textContent!.trim().slice(0, 40)} (${element.tagName} ${color})`);
    }
    return [...new Set(pale)];
  });
}

/** The brightness of the page's background, from 0 to 255. */
export function pageBrightness(tab: Page): Promise<number> {
  return tab.evaluate(() => {
    const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)!.map(Number);
    return (r + g + b) / 3;
  });
}
