import { elementCount, type Region } from "../array-file.js";

/**
 * Cuts a shape into boxes that are read one at a time: whole chunks where there are chunks, as many as the budget allows, grown from the
 * last dimension on, since it runs fastest in files. A chunk that is larger than the budget is read by itself.
 *
 * @param axis the boxes of one column along this dimension follow each other, so that what is kept for cells is kept for one column;
 * `null`: C order
 * @param budget elements of a box
 */
export function* planBlocks(
  shape: readonly number[],
  chunkShape: readonly number[] | null,
  axis: number | null,
  budget: number,
): Generator<Region> {
  const unit = chunkShape ?? shape.map(() => 1);
  const block = unit.map((length, dimension) => Math.min(length, Math.max(1, shape[dimension] as number)));
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    const length = shape[dimension] as number;
    const step = unit[dimension] as number;
    const others = elementCount(block) / (block[dimension] as number);
    const fitting = Math.floor(budget / others / step) * step;
    block[dimension] = Math.min(Math.max(1, length), Math.max(block[dimension] as number, fitting));
  }
  const counts = shape.map((length, dimension) => Math.ceil(length / (block[dimension] as number)));
  if (counts.some((count) => count === 0)) return;
  const order = shape.map((_, dimension) => dimension).filter((dimension) => dimension !== axis);
  if (axis !== null) order.push(axis);
  const place = counts.map(() => 0);
  for (;;) {
    const origin = place.map((index, dimension) => index * (block[dimension] as number));
    yield {
      origin,
      shape: origin.map((start, dimension) =>
        Math.min(block[dimension] as number, (shape[dimension] as number) - start),
      ),
    };
    let turn = order.length - 1;
    for (; turn >= 0; turn--) {
      const dimension = order[turn] as number;
      place[dimension] = (place[dimension] as number) + 1;
      if ((place[dimension] as number) < (counts[dimension] as number)) break;
      place[dimension] = 0;
    }
    if (turn < 0) return;
  }
}
