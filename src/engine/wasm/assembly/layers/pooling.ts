// Gradients of pooling: pictures [height, width, channels], outputs [p, q, channels], one picture at a time.

/** Adds each dy to the dx of the largest x of its window, the first of equal ones. Padding belongs to no window. */
export function maxPoolGradient(
  x: usize, dy: usize, dx: usize, height: i32, width: i32, channels: i32, p: i32, q: i32,
  sizeY: i32, sizeX: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels << 2;
  for (let i = 0; i < p; i++)
    for (let j = 0; j < q; j++, dy += pixel) {
      const y0 = max(0, i * strideY - top), y1 = min(height, i * strideY - top + sizeY);
      const x0 = max(0, j * strideX - left), x1 = min(width, j * strideX - left + sizeX);
      if (y0 >= y1 || x0 >= x1) continue;
      let c: usize = 0;
      for (; c + 16 <= pixel; c += 16) {
        const first = <usize>(y0 * width + x0) * pixel + c;
        let largest = v128.load(x + first), place = i32x4.splat(<i32>first);
        for (let y = y0; y < y1; y++)
          for (let z = x0; z < x1; z++) {
            const at = <usize>(y * width + z) * pixel + c, value = v128.load(x + at), more = f32x4.gt(value, largest);
            largest = v128.bitselect(value, largest, more);
            place = v128.bitselect(i32x4.splat(<i32>at), place, more);
          }
        addTo(dx + <usize>i32x4.extract_lane(place, 0), load<f32>(dy + c));
        addTo(dx + <usize>i32x4.extract_lane(place, 1) + 4, load<f32>(dy + c, 4));
        addTo(dx + <usize>i32x4.extract_lane(place, 2) + 8, load<f32>(dy + c, 8));
        addTo(dx + <usize>i32x4.extract_lane(place, 3) + 12, load<f32>(dy + c, 12));
      }
      for (; c < pixel; c += 4) {
        let place = <usize>(y0 * width + x0) * pixel + c, largest = load<f32>(x + place);
        for (let y = y0; y < y1; y++)
          for (let z = x0; z < x1; z++) {
            const at = <usize>(y * width + z) * pixel + c, value = load<f32>(x + at);
            if (value > largest) {
              largest = value;
              place = at;
            }
          }
        addTo(dx + place, load<f32>(dy + c));
      }
    }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, value: f32): void {
  store<f32>(at, load<f32>(at) + value);
}

/** Adds each dy, divided by the number of pixels in its window, to the dx of all of them. */
export function averagePoolGradient(
  dy: usize, dx: usize, height: i32, width: i32, channels: i32, p: i32, q: i32,
  sizeY: i32, sizeX: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels << 2;
  for (let i = 0; i < p; i++)
    for (let j = 0; j < q; j++, dy += pixel) {
      const y0 = max(0, i * strideY - top), y1 = min(height, i * strideY - top + sizeY);
      const x0 = max(0, j * strideX - left), x1 = min(width, j * strideX - left + sizeX);
      if (y0 >= y1 || x0 >= x1) continue;
      const share: f32 = 1 / <f32>((y1 - y0) * (x1 - x0)), scale = f32x4.splat(share);
      for (let y = y0; y < y1; y++)
        for (let z = x0; z < x1; z++) {
          const to = dx + <usize>(y * width + z) * pixel;
          let c: usize = 0;
          for (; c + 16 <= pixel; c += 16)
            v128.store(to + c, f32x4.add(v128.load(to + c), f32x4.mul(v128.load(dy + c), scale)));
          for (; c < pixel; c += 4) addTo(to + c, load<f32>(dy + c) * share);
        }
    }
}
