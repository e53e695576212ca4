/** Paints text for a terminal, or leaves it alone. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const paint =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`;
const plain = (text: string): string => text;

/** @param color whether escape codes may be written */
export const palette = (color: boolean): Palette =>
  color
    ? { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39) }
    : { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };

/** Text of others on one line, at most `limit` characters: control characters, which could change a terminal, are shown. */
export function singleLine(text: string, limit = 200): string {
  const visible = text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
  const characters = [...visible];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : visible;
}
