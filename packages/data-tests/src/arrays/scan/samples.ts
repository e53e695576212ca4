import type { CellValue } from "@deepwright/engines";

export type SampleRow = Readonly<Record<string, CellValue>>;

/** The first few failing places in C order, in whatever order they come. */
export class Samples {
  readonly #limit: number;
  #found: { readonly place: number; readonly row: () => SampleRow }[] = [];
  /** Places from here on are not among the first few. */
  #bar = Number.POSITIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
    if (limit === 0) this.#bar = -1;
  }

  /** Whether a place would be kept; cheap, so that rows are made only of those that are. */
  wants(place: number): boolean {
    return place < this.#bar;
  }

  add(place: number, row: () => SampleRow): void {
    if (!this.wants(place)) return;
    this.#found.push({ place, row });
    if (this.#found.length < 2 * this.#limit + 16) return;
    this.#trim();
    this.#bar = this.#found.at(-1)?.place ?? this.#bar;
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
