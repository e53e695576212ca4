import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { sampleFingerprint } from "../conformance/fingerprint-cases.js";
import { bases, primes } from "./sequence.js";
import { schemaHash, type ValueKind } from "./value-kind.js";

/** The definition of the fingerprint, written down once more without SQL, blocks or tables of weights. */
function referenceFingerprint(
  columns: readonly (readonly [name: string, kind: ValueKind])[],
  rows: (string | null)[][],
) {
  const digest = (text: string): bigint => {
    const bytes = createHash("md5").update(text).digest();
    return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  };
  const hex = (value: bigint, digits: number): string => value.toString(16).padStart(digits, "0");
  const sum = (digests: readonly bigint[]): string => hex(digests.reduce((a, b) => a + b, 0n) % 2n ** 128n, 32);
  const free = new Set(["text", "json", "list", "struct", "other"]);
  const byName = columns
    .map((_, index) => index)
    .sort((a, b) => ((columns[a]?.[0] ?? "") < (columns[b]?.[0] ?? "") ? -1 : 1));
  const rowDigests = rows.map((row) =>
    digest(
      byName
        .map((index) => {
          const text = row[index];
          if (text === null || text === undefined) return "~";
          return free.has(columns[index]?.[1].kind ?? "") ? `${Buffer.byteLength(text)}:${text}` : text;
        })
        .join(","),
    ),
  );
  const lanes = primes.map((prime, lane) => {
    let weight = 1n;
    let total = 0n;
    for (const row of rowDigests) {
      total = (total + ((row >> BigInt(32 * lane)) & 0xffffffffn) * weight) % prime;
      weight = (weight * (bases[lane] ?? 0n)) % prime;
    }
    return hex(total, 8);
  });
  return {
    rowCount: rows.length,
    rows: sum(rowDigests),
    order: lanes.join(""),
    schema: schemaHash(columns),
    columns: Object.fromEntries(
      columns.map(([name], index) => [
        name,
        sum(rows.map((row) => digest(row[index] === null ? "" : `=${row[index]}`))),
      ]),
    ),
  };
}

it("the sample of the conformance suite has the digits that the definition gives", () => {
  const columns: [string, ValueKind][] = [
    ["place", { kind: "number" }],
    ["whole", { kind: "number" }],
    ["fraction", { kind: "number" }],
    ["price", { kind: "number" }],
    ["flag", { kind: "boolean" }],
    ["label", { kind: "text" }],
    ["day", { kind: "date" }],
    ["moment", { kind: "timestamp" }],
    ["clock", { kind: "time" }],
    ["span", { kind: "interval" }],
    ["list", { kind: "list", element: { kind: "text" } }],
  ];
  const day = String(Date.UTC(2026, 0, 2) / 86_400_000);
  const moment = String(Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1000);
  const reference = referenceFingerprint(columns, [
    ["1", "1", "0.1", "1.5", "true", "Grüße, 1:2~", day, moment, "45296500000", "14 3 90000000000", "3:a,b,~,"],
    ["2", "-9223372036854775808", "NaN", "-0.05", "false", "", "infinity", "-1", "0", "0 0 0", "1:x,"],
    ["3", null, "-Infinity", null, null, null, null, null, null, null, null],
  ]);
  expect(sampleFingerprint).toEqual(reference);
});
