// Chooses the rectangle of RandomResizedCrop as torchvision and timm do.

const TRIES: usize = 10;
const LOG_RATIO: f64 = 0.28768207245178085; // log(4/3)
const SMALLEST: f64 = 0.08; // of the area

export let left: i32 = 0;
export let top: i32 = 0;
export let width: i32 = 0;
export let height: i32 = 0;

function centre(w: i32, h: i32): void {
  const ratio = <f64>w / <f64>h, least: f64 = 3.0 / 4.0, most: f64 = 4.0 / 3.0;
  width = ratio > most ? <i32>nearest<f64>(<f64>h * most) : w;
  height = ratio < least ? <i32>nearest<f64>(<f64>w / least) : h;
  left = (w - width) >> 1;
  top = (h - height) >> 1;
}

/** Draws area (uniform in .08 to 1) and ratio (log-uniform in 3/4 to 4/3), two draws a try, then a place, two draws. */
export function chooseCrop(w: i32, h: i32, uniforms: usize): void {
  for (let i: usize = 0; i < TRIES; i++) {
    const area = <f64>w * <f64>h * (SMALLEST + (1 - SMALLEST) * load<f64>(uniforms + 16 * i));
    const ratio = Math.exp(-LOG_RATIO + 2 * LOG_RATIO * load<f64>(uniforms + 16 * i, 8));
    width = <i32>nearest<f64>(Math.sqrt(area * ratio));
    height = <i32>nearest<f64>(Math.sqrt(area / ratio));
    if (width > 0 && width <= w && height > 0 && height <= h) {
      top = <i32>Math.floor(load<f64>(uniforms, 8 * 2 * TRIES) * <f64>(h - height + 1));
      left = <i32>Math.floor(load<f64>(uniforms, 8 * (2 * TRIES + 1)) * <f64>(w - width + 1));
      return;
    }
  }
  centre(w, h);
}
