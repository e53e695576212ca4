import { type Fragment, sql, text } from "../sql/fragment.js";

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Characters of a text that its shape shows. */
const shownCharacters = 40;

/**
 * The shape of a text: each ASCII digit as `9`, each capital as `A`, each small letter as `a`, all else as it is; of a longer
 * text the first 40 characters. `TX-0042` has the shape `AA-9999`.
 *
 * Made of functions that every engine has alike.
 */
export function shapeOf(column: Fragment): Fragment {
  const from = text(`'012345678${capitals.slice(1)}${capitals.slice(1).toLowerCase()}'`);
  const to = text(`'${"9".repeat(9)}${"A".repeat(25)}${"a".repeat(25)}'`);
  return sql`translate(substr(${column}, 1, ${text(String(shownCharacters))}), ${from}, ${to})`;
}

/**
 * An anchored regular expression that texts of the shapes match, runs of one class counted; `null` where a shape was cut, or
 * holds what is outside of printable ASCII.
 *
 * @example
 * ```ts
 * console.log(patternOfShapes(["AA-9999", "AA-99"])); // ^(?:[A-Z]{2}-[0-9]{4}|[A-Z]{2}-[0-9]{2})$
 * ```
 */
export function patternOfShapes(shapes: readonly string[]): string | null {
  if (shapes.length === 0 || shapes.some((shape) => shape.length >= shownCharacters || !/^[ -~]+$/.test(shape))) {
    return null;
  }
  const classes: Readonly<Record<string, string>> = { "9": "[0-9]", A: "[A-Z]", a: "[a-z]" };
  const written = shapes.map((shape) =>
    shape.replace(/(.)\1*/g, (run) => {
      const first = run[0] as string;
      const one = Object.hasOwn(classes, first) ? classes[first] : first.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
      return run.length === 1 ? `${one}` : `${one}{${run.length}}`;
    }),
  );
  return written.length === 1 ? `^${written[0]}$` : `^(?:${written.join("|")})$`;
}
