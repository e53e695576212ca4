import { describe, expect, it } from "vitest";
import { markdownTable, replaceSections, section } from "./report.js";

const row = { what: "a|b", asked: ">= 2", measured: "3", beside: "1", reached: true };

describe("the table of benchmarks", () => {
  it("escapes what would end a cell and says what was reached", () => {
    expect(
      markdownTable([row, { ...row, reached: null }])
        .split("\n")
        .slice(2),
    ).toEqual(["| a\\|b | >= 2 | 3 | 1 | reached |", "| a\\|b | >= 2 | 3 | 1 | not compared |", ""]);
  });

  it("replaces the sections that ran, keeps the others and the words around, and is stable", () => {
    const order = ["first", "second"];
    const empty = "before\n<!-- bench:start -->\n<!-- bench:end -->\nafter\n";
    const one = replaceSections(empty, new Map([["second", section("second", [row], "2026-01-01")]]), order);
    const both = replaceSections(one, new Map([["first", section("first", [row], "2026-01-02")]]), order);
    expect(both.match(/^### .*$/gm)).toEqual(["### first", "### second"]);
    expect(both.startsWith("before\n")).toBe(true);
    expect(both.endsWith("\nafter\n")).toBe(true);
    expect(replaceSections(both, new Map(), order)).toBe(both);
    const again = replaceSections(both, new Map([["second", section("second", [], "2026-01-03")]]), order);
    expect(again).not.toContain("2026-01-01");
    expect(again).toContain("2026-01-02");
  });

  it("refuses a document without marks", () => {
    expect(() => replaceSections("words", new Map(), [])).toThrow("bench:start");
  });
});
