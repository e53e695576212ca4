import { readmeExamples } from "@deepwright/tooling/readme-example";
import { describe, expect, it } from "vitest";

describe("README", () => {
  it.each(readmeExamples(new URL("../README.md", import.meta.url)))(
    "the example at line $line prints what it says",
    async (example) => {
      expect(await example.run()).toEqual(example.expected);
    },
  );
});
