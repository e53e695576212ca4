/** Lines up columns; the last one is cut at `width`. Numbers are aligned to the right. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const widths = header.map((title, column) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[-+\d.eE∞]*$/.test(row[column] ?? "")),
  );
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, column) => {
      const blanks = " ".repeat(Math.max(0, (widths[column] as number) - displayWidth(cell)));
      return numeric[column] ? blanks + cell : cell + blanks;
    });
    return cutText(padded.join("  ").trimEnd(), width);
  };
  return [line(header), ...rows.map(line)].join("\n");
}

/** Cuts at a number of characters and marks the cut. */
export function cutText(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

const displayWidth = (text: string): number => [...text].length;
