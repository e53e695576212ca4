import { describe, expect, it } from "vitest";
import { alignOutput, expectedOutput } from "./expected.mjs";

describe("expectedOutput", () => {
  it("reads the comment behind a print", () => {
    expect(expectedOutput('console.log("a // b"); // a // b')).toEqual(["a // b"]);
  });

  it("reads the comment lines below a print, also one of several lines and in a loop", () => {
    const code = ["for (const x of [1, 2]) {", "  console.log(", "    x,", "  );", "}", "// 1", "// 2"].join("\n");
    expect(expectedOutput(code)).toEqual(["1", "2"]);
  });

  it("takes no other comment for output", () => {
    expect(expectedOutput("// first\nconst a = 1; // one\n// second\nconsole.log(a);\nconst b = 2; // two")).toEqual(
      [],
    );
  });
});

describe("alignOutput", () => {
  it("lets an ellipsis stand for any text of its line, and for nothing more", () => {
    expect(alignOutput(["run 4711 ended", "other"], ["run … ended", "…x"])).toEqual(["run … ended", "other"]);
    expect(alignOutput(["a+b"], ["a+…"])).toEqual(["a+…"]);
  });
});
