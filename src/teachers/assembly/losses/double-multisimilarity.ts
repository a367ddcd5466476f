import { setGradient } from './gradient';

const LIMIT: f32 = 1e12;

// log(1 + exp(alpha (margin - s01))) / alpha + log(1 + exp(beta (s02 - margin))) / beta [averaged over 02 and 12];
// the logarithm clamps its argument to 1e12, without gradient beyond
export function doubleMultisimilarity(
  s01: f32, s02: f32, s12: f32, directed: bool, margin: f32, alpha: f32, beta: f32,
): f32 {
  const share: f32 = directed ? 1 : 0.5;
  const pull: f32 = 1 + Mathf.exp(alpha * (margin - s01)), push02: f32 = 1 + Mathf.exp(beta * (s02 - margin));
  const push12: f32 = directed ? 1 : 1 + Mathf.exp(beta * (s12 - margin));
  setGradient(
    pull <= LIMIT ? (1 - pull) / pull : 0,
    push02 <= LIMIT ? (share * (push02 - 1)) / push02 : 0,
    push12 <= LIMIT ? (share * (push12 - 1)) / push12 : 0,
  );
  return (
    Mathf.log(min<f32>(pull, LIMIT)) / alpha +
    (share * (Mathf.log(min<f32>(push02, LIMIT)) + Mathf.log(min<f32>(push12, LIMIT)))) / beta
  );
}
