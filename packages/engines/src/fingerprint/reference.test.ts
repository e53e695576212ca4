import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { commonFingerprint, doubles, doublesFingerprint, sampleFingerprint } from "../conformance/fingerprint-cases.js";
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

/** The canonical text of a double, as the README says. */
function doubleText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 9e18) return String(BigInt(value));
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15) return String(value);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return `f${bytes.toString("hex")}`;
}

it("the sample that every engine has the values of has the digits that the definition gives", () => {
  const columns: [string, ValueKind][] = [
    ["place", { kind: "number" }],
    ["whole", { kind: "number" }],
    ["fraction", { kind: "number" }],
    ["price", { kind: "number" }],
    ["flag", { kind: "boolean" }],
    ["label", { kind: "text" }],
    ["day", { kind: "date" }],
    ["moment", { kind: "timestamp" }],
    ["list", { kind: "list", element: { kind: "text" } }],
    ["payload", { kind: "bytes" }],
  ];
  const days = (text: string): string => String(Date.parse(text) / 86_400_000);
  const micros = (text: string, more = 0): string => String(BigInt(Date.parse(text)) * 1000n + BigInt(more));
  const huge = doubleText(-1.7976931348623157e308);
  const fingerprint = referenceFingerprint(columns, [
    [
      "1",
      "1",
      "0.1",
      "1.5",
      "true",
      "Grüße, 1:2~",
      days("2026-01-02"),
      micros("2026-01-02T03:04:05.678Z"),
      "3:a,b,~,",
      "00ff5c27",
    ],
    ["2", "-9223372036854775808", "NaN", "-0.05", "false", "", days("0001-01-01"), "-1", "1:x,", null],
    ["3", null, "-Infinity", null, null, null, null, null, null, null],
    [
      "4",
      "9007199254740993",
      huge,
      "12345678.9",
      "true",
      "東京 🜁",
      days("9999-12-31"),
      micros("9999-12-31T23:59:59.999Z", 999),
      "4:🜁,",
      null,
    ],
    ["5", "0", doubleText(5e-324), "100", "false", "~", "-1", micros("1582-10-15T00:00:00Z"), "0:,", null],
  ]);
  expect(commonFingerprint).toEqual(fingerprint);
});

it("doubles have the digits that the definition gives", () => {
  const rows = doubles.map((text, index) => [String(index), doubleText(Number(text))]);
  const reference = referenceFingerprint(
    [
      ["i", { kind: "number" }],
      ["value", { kind: "number" }],
    ],
    rows,
  );
  expect(doublesFingerprint).toBe(reference.columns.value);
});
