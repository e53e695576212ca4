/** Luma of each pixel, 0 .. 255. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/**
 * Source: ITU-R BT.601-7, 2.5.1.
 *
 * @param pixels red, green, blue and alpha of each pixel, as decoders give them; alpha is laid over black
 */
export function lumaOf(pixels: Uint8Array, width: number, height: number): Luma {
  const values = new Float32Array(width * height);
  for (let index = 0, at = 0; index < values.length; index++, at += 4) {
    const luma =
      0.299 * (pixels[at] as number) + 0.587 * (pixels[at + 1] as number) + 0.114 * (pixels[at + 2] as number);
    values[index] = (luma * (pixels[at + 3] as number)) / 255;
  }
  return { width, height, values };
}

/** Means over boxes of pixels, parts of pixels counted as parts: a smaller picture of the same. */
export function shrink({ width, height, values }: Luma, toWidth: number, toHeight: number): Float64Array {
  const columns = boxes(width, toWidth);
  const rows = boxes(height, toHeight);
  const narrow = new Float64Array(toWidth * height);
  for (let y = 0; y < height; y++) {
    for (const [column, box] of columns.entries()) {
      let sum = 0;
      for (const { at, weight } of box) sum += weight * (values[y * width + at] as number);
      narrow[y * toWidth + column] = sum;
    }
  }
  const small = new Float64Array(toWidth * toHeight);
  for (const [row, box] of rows.entries()) {
    for (let x = 0; x < toWidth; x++) {
      let sum = 0;
      for (const { at, weight } of box) sum += weight * (narrow[at * toWidth + x] as number);
      small[row * toWidth + x] = sum;
    }
  }
  return small;
}

/** Which of `length` pixels each of `count` boxes covers, and with which share of the box. */
function boxes(length: number, count: number): { readonly at: number; readonly weight: number }[][] {
  const size = length / count;
  return Array.from({ length: count }, (_, index) => {
    const [start, end] = [index * size, (index + 1) * size];
    const box: { at: number; weight: number }[] = [];
    for (let at = Math.floor(start); at < Math.min(length, Math.ceil(end)); at++) {
      box.push({ at, weight: (Math.min(at + 1, end) - Math.max(at, start)) / size });
    }
    return box;
  });
}
