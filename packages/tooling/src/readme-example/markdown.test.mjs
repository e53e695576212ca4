import { describe, expect, it } from "vitest";
import { codeBlocks, installedPackages } from "./markdown.mjs";

const text = ["# Name", "```sh", "npm install a b@1 --save-dev", "```", "", "```ts", "const x = 1;", "", "x;", "```"];

describe("codeBlocks", () => {
  it("gives language, code and the line of its beginning", () => {
    expect(codeBlocks(text.join("\n"))).toEqual([
      { language: "sh", code: "npm install a b@1 --save-dev\n", line: 3 },
      { language: "ts", code: "const x = 1;\n\nx;\n", line: 7 },
    ]);
  });

  it("reads files with Windows line ends alike", () => {
    expect(codeBlocks(text.join("\r\n"))).toEqual(codeBlocks(text.join("\n")));
  });

  it("leaves out a block that is never closed", () => {
    expect(codeBlocks("```ts\nconst x = 1;")).toEqual([]);
  });
});

describe("installedPackages", () => {
  it("gives the packages of every install command, without options", () => {
    const markdown = [...text, "```sh", "npm i c", "npm run d", "npm install e", "```"].join("\n");
    expect(installedPackages(markdown)).toEqual(["a", "b@1", "c", "e"]);
  });

  it("looks only into shell blocks", () => {
    expect(installedPackages("npm install a\n```ts\nnpm install b\n```")).toEqual([]);
  });
});
