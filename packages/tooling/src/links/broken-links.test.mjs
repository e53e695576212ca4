import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../setup/workspace.mjs";
import { anchorOf, brokenLinks, linkTargets, markdownFiles } from "./broken-links.mjs";

describe("links of Markdown files", () => {
  const folder = mkdtempSync(join(tmpdir(), "deepwright-links-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("finds links in prose and none in code", () => {
    const text = '[a](b.md) and `[c](d.md)`, ![p](q.svg)\n\n```md\n[e](f.md)\n```\n[g](<h.md> "title")\n';
    expect(linkTargets(text)).toEqual(["b.md", "q.svg", "h.md"]);
  });

  it("makes anchors as GitHub does", () => {
    expect(anchorOf("What it guarantees, and `--jobs`?")).toBe("what-it-guarantees-and---jobs");
  });

  it("tells missing files and headings, and leaves addresses alone", () => {
    writeFileSync(join(folder, "there.md"), "# One heading\n\n```sh\n# no heading\n```\n");
    const file = join(folder, "page.md");
    const good = "[a](there.md#one-heading) [b](https://example.com/no) [c](#page) [d](.)";
    writeFileSync(file, `# Page\n\n${good} [e](gone.md) [f](there.md#no-heading) [g](#nowhere)\n`);
    expect(brokenLinks(file)).toEqual(["gone.md", "there.md#no-heading", "#nowhere"]);
  });

  it("finds all relative links of this repository whole", async () => {
    const files = await markdownFiles();
    expect(files.map((file) => relative(root, file))).toContain("README.md");
    const broken = files.flatMap((file) => brokenLinks(file).map((target) => `${relative(root, file)}: ${target}`));
    expect(broken).toEqual([]);
  });
});
