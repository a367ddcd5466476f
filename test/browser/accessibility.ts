import type { Page } from 'playwright-core';

/** What somebody who cannot see, or has no mouse, would miss on a page. */
export function missedByReaders(tab: Page): Promise<string[]> {
  return tab.evaluate(() => [
    ...[...document.querySelectorAll('.js-plotly-plot')].flatMap((plot) =>
      (plot.getAttribute('aria-label') ?? '').length > 10 ? [] : ['a figure without a text'],
    ),
    ...[...document.querySelectorAll('img')].flatMap((image) =>
      image.getAttribute('alt') ? [] : ['an image without alt'],
    ),
    ...[...document.querySelectorAll<HTMLElement>('.tl-view')].flatMap((view) =>
      [view, ...view.querySelectorAll<HTMLElement>('*')].some(({ tabIndex }) => tabIndex >= 0)
        ? []
        : ['a view that no key reaches'],
    ),
    ...[...document.querySelectorAll<HTMLInputElement>('.tl-view select, .tl-view input')].flatMap((control) =>
      control.labels?.length || control.getAttribute('aria-label') ? [] : ['a control without a label'],
    ),
  ]);
}
