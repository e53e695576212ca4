import type { CellValue } from "@deepwright/engines";
import { hashText } from "./minhash.js";

/** How the cells of a column become tokens. */
export type ColumnTokens =
  /** Cells of a grid and of a second grid half a cell on, so that near values share at least one of them. */
  | { readonly kind: "number"; readonly name: string; readonly width: number }
  | { readonly kind: "value"; readonly name: string }
  /** Overlapping pieces of the text in lower case. */
  | { readonly kind: "text"; readonly name: string };

/** Characters in a piece of text. */
export const shingleLength = 5;

/** Sorted hashes without repetitions. A missing value is no token: two rows are not alike for what both lack. */
export function rowTokens(cells: readonly CellValue[], columns: readonly ColumnTokens[]): Uint32Array {
  const tokens = new Set<number>();
  columns.forEach((column, place) => {
    const cell = cells[place];
    if (cell === null || cell === undefined) return;
    const add = (text: string): Set<number> => tokens.add(hashText(`${place}:${text}`));
    const number = column.kind === "number" ? Number(cell) : Number.NaN;
    if (column.kind === "number" && Number.isFinite(number) && column.width > 0) {
      add(`a${Math.floor(number / column.width)}`);
      add(`b${Math.floor(number / column.width + 0.5)}`);
    } else if (column.kind === "text") {
      for (const piece of shingles(String(cell))) add(piece);
    } else {
      // Twice, to weigh as much as a number.
      const text = cell instanceof Uint8Array ? Buffer.from(cell).toString("hex") : String(cell);
      add(`a${text}`);
      add(`b${text}`);
    }
  });
  return Uint32Array.from(tokens).sort();
}

/** White space and upper case don't tell texts apart; a short text is one piece. */
function shingles(text: string): string[] {
  const plain = text.toLowerCase().replace(/\s+/g, " ").trim();
  if (plain.length <= shingleLength) return [plain];
  return Array.from({ length: plain.length - shingleLength + 1 }, (_, start) =>
    plain.slice(start, start + shingleLength),
  );
}
