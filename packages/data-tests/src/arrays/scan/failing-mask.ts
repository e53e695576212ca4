import { elementCount } from "../array-file.js";
import { cOrderStrides } from "../formats/copy-box.js";

/** Which elements of an array fail: a bit for each. */
export class FailingMask {
  readonly shape: readonly number[];
  readonly #strides: readonly number[];
  readonly #bits: Uint8Array;

  constructor(shape: readonly number[]) {
    this.shape = shape;
    this.#strides = cOrderStrides(shape);
    this.#bits = new Uint8Array(Math.ceil(elementCount(shape) / 8));
  }

  markElement(place: number): void {
    const byte = Math.floor(place / 8);
    this.#bits[byte] = (this.#bits[byte] as number) | (1 << (place % 8));
  }

  markCell(place: number, axis: number): void {
    const [stride, length] = [this.#strides[axis] as number, this.shape[axis] as number];
    const first = place - (Math.floor(place / stride) % length) * stride;
    for (let index = 0; index < length; index++) this.markElement(first + index * stride);
  }

  markSlice(axis: number, index: number): void {
    const [stride, length] = [this.#strides[axis] as number, this.shape[axis] as number];
    const step = stride * length;
    for (let start = index * stride; start < elementCount(this.shape); start += step) {
      for (let offset = 0; offset < stride; offset++) this.markElement(start + offset);
    }
  }

  has(place: number): boolean {
    return ((this.#bits[Math.floor(place / 8)] as number) & (1 << (place % 8))) !== 0;
  }

  /** Takes in what another mask of the same shape marks. */
  add(other: FailingMask): void {
    for (let byte = 0; byte < this.#bits.length; byte++) {
      this.#bits[byte] = (this.#bits[byte] as number) | (other.#bits[byte] as number);
    }
  }

  /** Marked elements. */
  count(): number {
    let total = 0;
    for (const byte of this.#bits) for (let rest = byte; rest > 0; rest &= rest - 1) total += 1;
    return total;
  }
}
