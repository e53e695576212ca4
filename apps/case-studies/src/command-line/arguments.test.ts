import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./arguments.js";

describe("parseCommandLine", () => {
  it("reads a case with its options", () => {
    expect(parseCommandLine(["est", "--data", "../data", "--store=http://127.0.0.1:4000", "--full"])).toEqual({
      action: "run",
      name: "est",
      data: "../data",
      store: "http://127.0.0.1:4000",
      out: ".deepwright/cases/est",
      generated: false,
      full: true,
      small: false,
      json: false,
      quiet: false,
    });
  });

  it("asks for help without a case", () => {
    expect(parseCommandLine(["--help"]).action).toBe("help");
  });

  it.each([
    [[], "CASE_NOT_FOUND"],
    [["oil rig"], "CASE_NOT_FOUND"],
    [["toString"], "CASE_NOT_FOUND"],
    [["est", "now"], "INVALID_ARGUMENT"],
    [["est", "--fast"], "INVALID_ARGUMENT"],
    [["est", "--data"], "INVALID_ARGUMENT"],
    [["est", "--data", "a", "--generated"], "INVALID_ARGUMENT"],
  ])("refuses %j with %s", (words, code) => {
    expect(() => parseCommandLine(words)).toThrow(expect.objectContaining({ code }));
  });
});
