import { execFileSync, spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestFolder } from "../testing.test.support.js";

const has = (program: string): boolean => spawnSync(program, ["-c", "exit 0"]).status === 0;
const skipped = (program: string): string => (has(program) ? "" : ` (skipped: no ${program})`);

describe("completion", () => {
  const folder = new TestFolder();
  const scripts: Record<string, string> = {};
  beforeAll(async () => {
    folder.write("sales.csv", "a\n1\n");
    for (const shell of ["bash", "zsh", "fish"]) scripts[shell] = (await folder.cli("completion", shell)).output;
  });
  afterAll(() => folder.end());

  /** What bash offers for the last word. */
  function bash(...words: string[]): string[] {
    const line = ["deepwright", ...words].map((word) => `'${word}'`).join(" ");
    const program = `${scripts.bash}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _deepwright\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
    const output = execFileSync("bash", ["--norc", "--noprofile", "-c", program], {
      cwd: folder.path,
      encoding: "utf8",
    });
    return output.split("\n").filter((word) => word !== "");
  }

  describe.skipIf(!has("bash"))(`in bash${skipped("bash")}`, () => {
    it("offers commands, subcommands and the options of each", () => {
      expect(bash("conf")).toEqual(["configuration"]);
      expect(bash("configuration", "")).toEqual(["infer", "check", "debt"]);
      expect(bash("configuration", "in")).toEqual(["infer"]);
      expect(bash("configuration", "infer", "--")).toEqual(
        expect.arrayContaining(["--project", "--last", "--out", "--store", "--json", "--help"]),
      );
      expect(bash("configuration", "infer", "--sch")).toEqual([]);
      expect(bash("configuration", "check", "--sch")).toEqual(["--schema"]);
      expect(bash("score", "record", "--po")).toEqual(["--points"]);
      expect(bash("why", "--pr")).toEqual(["--project", "--prove"]);
      for (const name of ["models", "features", "projects"]) expect(bash(name, "--he")).toEqual(["--help"]);
      expect(bash("models", "--pro")).toEqual(["--project"]);
      expect(bash("--ver")).toEqual(["--version"]);
    });

    it("takes the value of an option for no command", () => {
      expect(bash("--store", "runs", "configuration", "deb")).toEqual(["debt"]);
      expect(bash("configuration", "--project", "infer", "ch")).toEqual(["check"]);
      expect(bash("run", "--data", "sal")).toEqual(["sales.csv"]);
    });

    it("completes a command of the user behind two dashes", () => {
      expect(bash("run", "--", "python", "sal")).toContain("sales.csv");
      expect(bash("run", "--", "bas")).toContain("bash");
    });
  });

  it.skipIf(!has("zsh"))(`is a script that zsh reads${skipped("zsh")}`, () => {
    const stubs = "compdef() { }; _files() { }; _command_names() { }; _describe() { eval 'print -l -- $'$argv[-1] };";
    const line = "words=(deepwright configuration ''); CURRENT=3; PREFIX=''; _deepwright";
    const output = execFileSync("zsh", ["-f", "-c", `${stubs}\n${scripts.zsh}\n${line}`], { encoding: "utf8" });
    expect(output.split("\n").map((entry) => entry.split(":")[0])).toEqual(["infer", "check", "debt", ""]);
  });

  it.skipIf(!has("fish"))(`offers subcommands in fish${skipped("fish")}`, () => {
    const program = `${scripts.fish}\ncomplete -C 'deepwright configuration '`;
    const output = execFileSync("fish", ["--no-config", "-c", program], { cwd: folder.path, encoding: "utf8" });
    expect(output.split("\n").map((entry) => entry.split("\t")[0])).toEqual(
      expect.arrayContaining(["infer", "check", "debt"]),
    );
  });

  it.each(["zsh", "fish"])("names every subcommand and its options for %s", (shell) => {
    for (const word of ["configuration", "infer", "debt", "record", "max-runs", "valid-days", "check-inferred"]) {
      expect(scripts[shell]).toContain(word);
    }
  });
});
