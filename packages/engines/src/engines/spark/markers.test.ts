import fc from "fast-check";
import { expect, it } from "vitest";
import { toNamedMarkers } from "./markers.js";

it("place holders become named markers, and only those", () => {
  expect(toNamedMarkers("SELECT $1, '$1', \"$2\", `$3`, r'\\', $2 -- $4\n, $10 /* $5 */, 'it\\'s $6', $1")).toBe(
    "SELECT :p1, '$1', \"$2\", `$3`, r'\\', :p2 -- $4\n, :p10 /* $5 */, 'it\\'s $6', :p1",
  );
});

it("text without a dollar sign stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."a1'\"`\\-/*\n r") }), (sql) => {
      expect(toNamedMarkers(sql)).toBe(sql);
    }),
  );
});

it("whatever a string literal or a quoted name holds, it stays as it is", () => {
  const content = fc.string({ unit: fc.constantFrom(..."$12'\"`\\-/* \n") });
  fc.assert(
    fc.property(content, content, (text, name) => {
      const literal = `'${text.replace(/['\\]/g, "\\$&")}'`;
      const quoted = `\`${name.replaceAll("`", "``")}\``;
      expect(toNamedMarkers(`SELECT ${literal}, ${quoted}, $1`)).toBe(`SELECT ${literal}, ${quoted}, :p1`);
    }),
  );
});
