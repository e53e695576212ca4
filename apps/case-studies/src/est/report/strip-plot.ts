/** One row of a strip plot: a label and a dot a value. */
export interface Strip {
  readonly label: string;
  readonly values: readonly number[];
  readonly tone: "good" | "bad" | "neutral";
}

const width = 760;
const left = 300;
const right = 30;
const rowHeight = 34;
const colors = { good: "#067647", bad: "#b42318", neutral: "#175cd3" };

/** Values as dots on one scale, a row for each group, as SVG that needs nothing from elsewhere. Not finite ones are left out. */
export function stripPlot(title: string, strips: readonly Strip[], unit: string): string {
  const values = strips.flatMap((strip) => strip.values).filter(Number.isFinite);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high - low || 1;
  const x = (value: number): string => (left + ((value - low) / span) * (width - left - right)).toFixed(1);
  const height = 60 + strips.length * rowHeight;
  const rows = strips.map((strip, row) => {
    const y = 50 + row * rowHeight;
    const dots = strip.values
      .filter(Number.isFinite)
      .map(
        (value) =>
          `<circle cx="${x(value)}" cy="${y}" r="5" fill="${colors[strip.tone]}" fill-opacity="0.6"><title>${value}</title></circle>`,
      );
    return `<line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}" stroke="#d8dde3"/><text x="${left - 14}" y="${y + 4}" text-anchor="end">${escapeXml(strip.label)}</text>${dots.join("")}`;
  });
  const ticks = [low, low + span / 2, high].map(
    (value) =>
      `<text x="${x(value)}" y="${height - 6}" text-anchor="middle">${value.toFixed(span < 2 ? 2 : 1)}${unit}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#344054"><rect width="100%" height="100%" fill="#fff"/><text x="10" y="22" font-size="15" font-weight="600">${escapeXml(title)}</text>${rows.join("")}${values.length > 0 ? ticks.join("") : ""}</svg>
`;
}

const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
