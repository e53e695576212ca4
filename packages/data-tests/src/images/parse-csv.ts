export interface CsvRow {
  readonly cells: readonly string[];
  /** Line where the row begins, from 1 on. */
  readonly line: number;
}

/** Rows of a CSV text with commas and double quotes. Source: RFC 4180. Empty lines are left out. */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let [line, start] = [1, 1];
  const endRow = (): void => {
    if (cells.length > 0 || cell !== "") rows.push({ cells: [...cells, cell], line: start });
    cells = [];
    cell = "";
  };
  const from = text.startsWith("\ufeff") ? 1 : 0;
  for (let at = from; at < text.length; at++) {
    const sign = text[at] as string;
    if (sign === "\n") line += 1;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === ",") {
      cells.push(cell);
      cell = "";
    } else if (sign === "\n") {
      endRow();
      start = line;
    } else if (sign !== "\r") cell += sign;
  }
  endRow();
  return rows;
}
