import type { DistancePairs } from '../../metrics/distance-correlation.js';
import { baseLayout, type Figure } from '../figure.js';
import { seriesColor, translucent } from '../palette.js';

export interface DistanceComparisonOptions {
  title?: string;
  x?: string;
  y?: string;
}

const defaults = { title: 'Distances in two spaces', x: 'True distance', y: 'Distance of embeddings' };

/** Draws every pair of items as a dot: its distance in one space against that in the other, with their correlation. */
export function distanceComparison(pairs: DistancePairs, options: DistanceComparisonOptions = {}): Figure {
  const { title, x, y } = { ...defaults, ...options };
  const whole = `${title}: correlation ${pairs.correlation.toFixed(3)}`;
  return {
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: pairs.a,
        y: pairs.b,
        marker: { size: 4, color: translucent(seriesColor(0), 0.25) },
        hoverinfo: 'x+y',
      },
    ],
    layout: baseLayout({ title: whole, x, y }),
    alt: `${whole}, over ${pairs.a.length} pairs of items`,
  };
}
