import { distance, setGradient, distanceGradient } from './gradient';

// mean of relu(d01 - margin_positive), relu(margin_negative - d02) [, relu(margin_negative - d12)]
export function doubleContrastive(
  q01: f32, q02: f32, q12: f32, directed: bool, marginPositive: f32, marginNegative: f32,
): f32 {
  const share: f32 = directed ? 0.5 : <f32>(1.0 / 3.0);
  const d01 = distance(q01), d02 = distance(q02), d12 = distance(q12);
  const positive = max<f32>(d01 - marginPositive, 0), negative02 = max<f32>(marginNegative - d02, 0);
  const negative12 = directed ? <f32>0 : max<f32>(marginNegative - d12, 0);
  setGradient(
    positive > 0 ? share * distanceGradient(q01, d01) : 0,
    negative02 > 0 ? -share * distanceGradient(q02, d02) : 0,
    negative12 > 0 ? -share * distanceGradient(q12, d12) : 0,
  );
  return share * (positive + negative02 + negative12);
}
