import { describe, expect, it } from "vitest";
import type { DataFingerprint } from "../engine.js";
import { compareFingerprints } from "./compare.js";
import { mergeFingerprints } from "./merge.js";

const digits = (digit: number): string => String(digit).repeat(32);
const base: DataFingerprint = {
  rowCount: 3,
  rows: digits(1),
  order: "0".repeat(32),
  schema: digits(3),
  columns: { a: digits(4), b: digits(5) },
  partitions: { x: { rowCount: 1, rows: digits(6) }, y: { rowCount: 2, rows: digits(7) } },
  snapshot: null,
};

describe("compareFingerprints", () => {
  it("finds equal data equal, whatever its snapshot", () => {
    expect(compareFingerprints(base, { ...base, snapshot: "2" })).toEqual({
      verdict: "same-rows-same-order",
      rowCountBefore: 3,
      rowCountAfter: 3,
      addedColumns: [],
      removedColumns: [],
      changedColumns: [],
      pairedOtherwise: false,
      orderUnknown: false,
      addedPartitions: [],
      removedPartitions: [],
      changedPartitions: [],
    });
  });

  it("tells another order, and that it can't where a side has none", () => {
    expect(compareFingerprints(base, { ...base, order: "1".repeat(32) }).verdict).toBe("same-rows-other-order");
    expect(compareFingerprints(base, { ...base, order: null })).toMatchObject({
      verdict: "same-rows-same-order",
      orderUnknown: true,
    });
  });

  it("names the changed columns and partitions", () => {
    const after = {
      ...base,
      rows: digits(2),
      rowCount: 4,
      columns: { ...base.columns, b: digits(9) },
      partitions: { x: base.partitions.x ?? { rowCount: 0, rows: "" }, z: { rowCount: 3, rows: digits(8) } },
    };
    expect(compareFingerprints(base, after)).toMatchObject({
      verdict: "other-rows",
      changedColumns: ["b"],
      addedPartitions: ["z"],
      removedPartitions: ["y"],
      changedPartitions: [],
      pairedOtherwise: false,
    });
  });

  it("names added and removed columns", () => {
    const after = { ...base, schema: digits(8), rows: digits(8), columns: { a: digits(4), c: digits(9) } };
    expect(compareFingerprints(base, after)).toMatchObject({
      verdict: "other-columns",
      addedColumns: ["c"],
      removedColumns: ["b"],
      changedColumns: [],
    });
  });
});

describe("mergeFingerprints", () => {
  it("refuses parts of other columns, and no parts", () => {
    const code = "FINGERPRINTS_NOT_MERGEABLE";
    expect(() => mergeFingerprints([])).toThrow(expect.objectContaining({ code }));
    expect(() => mergeFingerprints([base, { ...base, schema: digits(9) }])).toThrow(expect.objectContaining({ code }));
  });
});
