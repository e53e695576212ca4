import { describe, expect, it } from "vitest";
import { chooseGates } from "./choose-gates.mjs";

const gates = [{ name: "format and lint" }, { name: "import rules" }, { name: "tests" }];

describe("chooseGates", () => {
  it("takes all for no words, else those whose names contain one", () => {
    expect(chooseGates(gates, [])).toEqual(gates);
    expect(chooseGates(gates, ["imports", "format"]).map(({ name }) => name)).toEqual([
      "format and lint",
      "import rules",
    ]);
  });

  it("refuses a word that would run nothing", () => {
    expect(() => chooseGates(gates, ["tests", "knip"])).toThrow('No gate has "knip" in its name.');
  });
});
