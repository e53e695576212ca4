import type { CellValue } from "@deepwright/engines";
import type { FailingMask } from "./failing-mask.js";

export type SampleRow = Readonly<Record<string, CellValue>>;

/** The first few failing places in C order, in whatever order they come; all of them in a mask where one is asked for. */
export class Samples {
  readonly mask: FailingMask | null;
  readonly #limit: number;
  #found: { readonly place: number; readonly row: () => SampleRow }[] = [];
  /** Places from here on are not among the first few. */
  #bar: number;

  constructor(limit: number, mask: FailingMask | null = null) {
    this.mask = mask;
    this.#limit = limit;
    this.#bar = limit === 0 ? -1 : Number.POSITIVE_INFINITY;
  }

  /** @param place in C order */
  add(place: number, row: () => SampleRow): void {
    if (!(place < this.#bar)) return;
    this.#found.push({ place, row });
    if (this.#found.length < 2 * this.#limit + 16) return;
    this.#trim();
    this.#bar = this.#found.at(-1)?.place ?? this.#bar;
  }

  /** An element fails. */
  addElement(place: number, row: () => SampleRow): void {
    this.mask?.markElement(place);
    this.add(place, row);
  }

  /** A cell fails along an axis; `place` is that of one of its elements. */
  addCell(place: number, axis: number, row: () => SampleRow): void {
    this.mask?.markCell(place, axis);
    this.add(place, row);
  }

  /** An index of an axis fails. */
  addSlice(axis: number, index: number, row: () => SampleRow): void {
    this.mask?.markSlice(axis, index);
    this.add(index, row);
  }

  rows(): SampleRow[] {
    this.#trim();
    return this.#found.map(({ row }) => row());
  }

  #trim(): void {
    this.#found.sort((a, b) => a.place - b.place);
    this.#found.length = Math.min(this.#found.length, this.#limit);
  }
}
