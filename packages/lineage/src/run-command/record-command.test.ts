import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { joinPath } from "@deepwright/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunStartEvent } from "../contract/events.js";
import { listSources } from "../recorder/spool.js";
import { spoolNotWritable } from "../recorder/spool-errors.js";
import { hasProgram, node, readRun, recordIn, Workshop } from "./recorded.test.support.js";

let workshop: Workshop;
beforeEach(() => {
  workshop = new Workshop();
});
afterEach(() => workshop.remove());

const refusal = (code: string) => expect.objectContaining({ code });

describe("the command", () => {
  it("passes its output, its errors, its arguments and its exit code through", async () => {
    const run = await recordIn(workshop, [
      ...node("process.stdout.write('out ' + process.argv[1]); process.stderr.write('err'); process.exit(7)"),
      "wörd with blank",
    ]);
    expect(run).toMatchObject({
      exitCode: 7,
      signal: null,
      status: "failed",
      output: "out wörd with blank",
      errors: "err",
    });
    expect(run.end).toMatchObject({ type: "run-end", status: "failed", exitCode: 7, signal: null });
  });

  it("takes as long as the program, without what is captured before and after it", async () => {
    const run = await recordIn(workshop, node("setTimeout(() => undefined, 200)"));
    const start = run.events[0] as RunStartEvent;
    expect(run.end.durationMs).toBe(run.durationMs);
    expect(run.durationMs).toBeGreaterThan(190);
    // Reading the source, writing the hooks and hashing what was written take their time too.
    expect(run.durationMs).toBeLessThan(run.end.endedAtMs - start.startedAtMs);
  });

  it("passes megabytes through unchanged", async () => {
    const run = await recordIn(workshop, node("process.stdout.write('x'.repeat(3e6) + '\\n' + 'y'.repeat(1e6))"));
    expect(run.output).toBe(`${"x".repeat(3e6)}\n${"y".repeat(1e6)}`);
    expect(run.status).toBe("finished");
  });

  it("is refused with nothing written when there is no such program", async () => {
    for (const command of [["no-such-program-anywhere"], ["./missing.sh"]]) {
      await expect(recordIn(workshop, command)).rejects.toThrow(refusal("COMMAND_NOT_FOUND"));
    }
    await expect(recordIn(workshop, [])).rejects.toThrow(refusal("INVALID_COMMAND"));
    await expect(recordIn(workshop, ["true", "a\0b"])).rejects.toThrow(refusal("INVALID_COMMAND"));
    expect(existsSync(workshop.store)).toBe(false);
  });

  it("is refused without a run when the system can't execute it", async () => {
    workshop.write({ broken: "#!/no/such/interpreter\n" });
    chmodSync(join(workshop.folder, "broken"), 0o755);
    await expect(recordIn(workshop, ["./broken"])).rejects.toThrow(refusal("COMMAND_NOT_RUNNABLE"));
    expect(listSources(workshop.store)).toEqual([]);
  });

  it("is cancelled by an abort, with its children", async () => {
    const controller = new AbortController();
    const file = join(workshop.folder, "child.pid");
    const program = `const c=require('child_process').spawn('sleep',['600']);require('fs').writeFileSync(${JSON.stringify(file)},String(c.pid));setInterval(()=>{},1e3)`;
    const running = recordIn(workshop, node(program), { signal: controller.signal });
    while (!existsSync(file) || readFileSync(file, "utf8") === "") await sleep(20);
    controller.abort();
    const run = await running;
    expect(run).toMatchObject({ status: "cancelled", exitCode: null, signal: "SIGTERM" });
    const processId = Number(readFileSync(file, "utf8"));
    const isGone = (): boolean => {
      try {
        return readFileSync(`/proc/${processId}/stat`, "latin1").includes(") Z ");
      } catch {
        return true;
      }
    };
    while (existsSync("/proc") && !isGone()) await sleep(20);
  });

  it("does not wait for ever for a grandchild that keeps the output open", async () => {
    const run = await recordIn(workshop, ["sh", "-c", "sleep 600 & echo $! > pid; echo done=1"]);
    process.kill(Number(readFileSync(join(workshop.folder, "pid"), "utf8")));
    expect(run).toMatchObject({ status: "finished", output: "done=1\n", points: ["done@0=1"] });
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "gets %s of the recorder, and the run is recorded as cancelled",
    async (name) => {
      const run = await recordInProcess(node("process.stdout.write('ready\\n');setInterval(()=>{},1e3)"), name);
      expect(run.result).toMatchObject({ status: "cancelled", exitCode: null, signal: name });
      expect(readRun(workshop, run.result.runId).end).toMatchObject({ status: "cancelled", signal: name });
    },
  );

  it("may end a signal in its own way", async () => {
    const program =
      "process.on('SIGTERM',()=>{console.log('saved=1');process.exit(3)});console.log('ready');setInterval(()=>{},1e3)";
    const run = await recordInProcess(node(program), "SIGTERM");
    expect(run.result).toMatchObject({ status: "cancelled", exitCode: 3, signal: null });
    expect(run.output).toContain("saved=1");
    expect(readRun(workshop, run.result.runId).points).toEqual(["saved@0=1"]);
  });

  it("leaves a log without an end when the recorder is killed", async () => {
    const run = await recordInProcess(
      node("console.log('loss=1');console.log('ready');setTimeout(()=>{},3e3)"),
      "SIGKILL",
    );
    expect(run.result).toBeUndefined();
    const [source] = listSources(workshop.store);
    const { events } = readRun(workshop, source?.runId ?? "");
    expect(events[0]?.type).toBe("run-start");
    expect(events.some((event) => event.type === "run-end")).toBe(false);
  });

  /** Records in a process of its own, which gets the signal as soon as the command prints "ready". */
  async function recordInProcess(command: readonly string[], signal: NodeJS.Signals) {
    const options = {
      command,
      store: `file:${workshop.store}`,
      cwd: workshop.folder,
      deliverTo: "none",
      forwardSignals: true,
    };
    const entry = pathToFileURL(new URL("../../dist/recorder/index.js", import.meta.url).pathname).href;
    const program = `import { recordCommand } from ${JSON.stringify(entry)};
      console.log("\\nRESULT " + JSON.stringify(await recordCommand(${JSON.stringify(options)})));`;
    const recorder = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    let sent = false;
    recorder.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
      if (sent || !output.includes("ready")) return;
      sent = true;
      recorder.kill(signal);
    });
    await once(recorder, "close");
    const result = /RESULT (.*)/.exec(output)?.[1];
    return { output, result: result === undefined ? undefined : JSON.parse(result) };
  }
});

describe("metrics", () => {
  it("are taken from lines of output, with their steps", async () => {
    const lines = [
      "Epoch 1/3",
      "loss: 0.5 - val_mae: 1e3",
      "epoch=2 loss=nan acc=-Infinity",
      '{"step": 3, "loss": 0.25, "nested": {"a": 1}, "bad": NaN}',
      "{'loss': 0.125, 'epoch': 0.5}",
      "http://host:8080/a=b 12:30:45 see file.py:12",
    ];
    workshop.write({ lines: lines.join("\n") });
    const run = await recordIn(workshop, ["cat", "lines"]);
    expect(run.points).toEqual([
      "loss@1=0.5",
      "val_mae@1=1000",
      "loss@2=NaN",
      "acc@2=-Infinity",
      "loss@3=0.25",
      "bad@3=NaN",
      "loss@3=0.125",
      "epoch@3=0.5",
    ]);
  });

  it("are taken by the patterns that are given", async () => {
    const run = await recordIn(workshop, ["printf", "score is 3 of 10\\nloss=5\\nA -> 7\\n"], {
      metricPatterns: ["score is (?<score>\\d+)", /(?<name>[A-Z]) -> (?<value>\d+)/],
    });
    expect(run.points).toEqual(["score@0=3", "A@1=7"]);
    await expect(recordIn(workshop, ["true"], { metricPatterns: ["(?<x>"] })).rejects.toThrow(
      refusal("INVALID_PATTERN"),
    );
  });

  it("that a run refuses are noted, and the command goes on", async () => {
    workshop.write({ lines: `{"bad\\u0000name": 1}\n{"also\\u0000bad": 2}\nloss=3\n` });
    const run = await recordIn(workshop, ["cat", "lines"]);
    expect(run).toMatchObject({ status: "finished", exitCode: 0 });
    expect(run.points).toHaveLength(1);
    expect(run.notes).toEqual([expect.stringContaining("NUL")]);
  });

  it("are taken from CSV and JSONL files, of this run only", async () => {
    workshop.write({ "old.csv": "epoch,loss\n1,9\n", "old.jsonl": '{"step": 1, "mae": 9}\n' });
    const program = `
      const fs = require("fs");
      fs.appendFileSync("old.csv", "2,8\\n3,nan\\n");
      fs.appendFileSync("old.jsonl", '{"step": 2, "mae": -Infinity}\\n{"step": 3, "mae":');
      fs.appendFileSync("old.jsonl", ' 7}');
      fs.writeFileSync("new.csv", 'step;"val ""loss"""\\n5;0,5\\n6;0.25\\n'.replace("0,5", "0.5"));`;
    const run = await recordIn(workshop, node(program), {
      metricFiles: ["old.csv", "old.jsonl", "new.csv", "never.csv", "."],
    });
    expect([...run.points].sort()).toEqual(
      ["loss@2=8", "loss@3=NaN", "mae@2=-Infinity", "mae@3=7", 'val "loss"@5=0.5', 'val "loss"@6=0.25'].sort(),
    );
    expect(run.notes).toEqual([
      'No metrics were read from "never.csv": there is no such file.',
      'No metrics were read from ".": the command wrote no line with numbers into it.',
    ]);
  });
});

describe("configuration", () => {
  it("is read from arguments and from files of every kind", async () => {
    workshop.write({
      "a.yaml": "model:\n  depth: 3\n  dropout: 0\nshuffle: false\nname: ''\n",
      "b.json": '{"list": [1, {"x": null}]}',
      "c.toml": "[opt]\nlr = 0.1\n",
      ".env": 'export MODE="fast" # how\nAPI_KEY=abcdef\n',
      "d.ini": "[section]\nkey = value\n",
    });
    const run = await recordIn(
      workshop,
      [...node(""), "--config", "a.yaml", "--lr=0.5", "--no-shuffle", "-5", "b.json"],
      {
        config: ["c.toml", ".env", "d.ini"],
      },
    );
    expect(run.components.configuration).toMatchObject({
      "arguments/--lr": 0.5,
      "arguments/--no-shuffle": -5,
      "files/a.yaml/model/depth": 3,
      "files/a.yaml/model/dropout": 0,
      "files/a.yaml/shuffle": false,
      "files/a.yaml/name": "",
      "files/b.json/list/0": 1,
      "files/b.json/list/1/x": null,
      "files/c.toml/opt/lr": 0.1,
      "files/.env/MODE": "fast",
      "files/.env/API_KEY": "[secret]",
      "files/d.ini/section/key": "value",
    });
  });

  it("that is missing or broken is refused before anything runs", async () => {
    workshop.write({
      "broken.yaml": "a: [1,\nb: }",
      "broken.json": "{",
      "broken.toml": "= 1",
      "broken.env": "no pair",
    });
    for (const name of ["broken.yaml", "broken.json", "broken.toml", "broken.env"]) {
      await expect(recordIn(workshop, ["touch", "ran"], { config: [name] })).rejects.toThrow(
        refusal("CONFIG_FILE_BROKEN"),
      );
    }
    for (const name of ["missing.yaml", "."]) {
      await expect(recordIn(workshop, ["touch", "ran"], { config: [name] })).rejects.toThrow(
        refusal("CONFIG_FILE_MISSING"),
      );
    }
    workshop.write({ "huge.json": `"${"x".repeat(2 ** 20)}"` });
    await expect(recordIn(workshop, ["touch", "ran"], { config: ["huge.json"] })).rejects.toThrow(
      refusal("CONFIG_FILE_TOO_LARGE"),
    );
    expect(existsSync(join(workshop.folder, "ran"))).toBe(false);
    expect(existsSync(workshop.store)).toBe(false);
  });

  it("that is broken and was only found is noted, once", async () => {
    workshop.write({ "broken.json": "{" });
    const run = await recordIn(workshop, [...node("require('fs').readFileSync('broken.json')"), "broken.json"]);
    expect(run).toMatchObject({ status: "finished", notes: [expect.stringContaining("broken.json")] });
  });

  it("with long and with odd text is kept", async () => {
    workshop.write({ "odd.json": JSON.stringify({ long: "x".repeat(300_000), nul: "a\0b", "kéy/with slash": 1 }) });
    const run = await recordIn(workshop, ["true"], { config: ["odd.json"] });
    const { configuration = {} } = run.components;
    expect(String(configuration["files/odd.json/long"])).toMatch(
      /^x{1000}\.\.\. \(300000 characters, SHA-256 [0-9a-f]{64}\)$/,
    );
    expect(configuration["files/odd.json/nul"]).toBe("a\ufffdb");
    expect(Object.values(configuration)).toContain(1);
  });
});

describe("data", () => {
  it("declared as files is fingerprinted: the same rows in another order are told from other rows", async () => {
    workshop.write({ "a.csv": "x,y\n1,2\n3,4\n", "b.csv": "x,y\n3,4\n1,2\n", "c.csv": "x,y\n1,2\n3,5\n" });
    const run = await recordIn(workshop, ["true"], { data: ["train=a.csv", "b.csv", "c.csv"] });
    const { data = {} } = run.components;
    expect(data["inputs/train/rowCount"]).toBe(2);
    expect(data["inputs/b.csv/rows"]).toBe(data["inputs/train/rows"]);
    expect(data["inputs/b.csv/order"]).not.toBe(data["inputs/train/order"]);
    expect(data["inputs/c.csv/rows"]).not.toBe(data["inputs/train/rows"]);
    expect(data["inputs/c.csv/columns/x"]).toBe(data["inputs/train/columns/x"]);
    expect(data["inputs/c.csv/columns/y"]).not.toBe(data["inputs/train/columns/y"]);
    expect(run.events.filter((event) => event.type === "dataset")).toHaveLength(3);
    const hash = String(data["inputs/train/bytes"]);
    expect(readFileSync(join(workshop.store, "objects", hash.slice(0, 2), hash), "utf8")).toBe("x,y\n1,2\n3,4\n");
  });

  it("that is not there, or an address without a query, is refused before anything runs", async () => {
    for (const [data, code] of [
      ["missing.csv", "INPUT_NOT_FOUND"],
      ["train=missing.csv", "INPUT_NOT_FOUND"],
      ["postgres://host/database", "INVALID_INPUT"],
    ] as const) {
      await expect(recordIn(workshop, ["touch", "ran"], { data: [data] })).rejects.toThrow(refusal(code));
    }
    expect(existsSync(join(workshop.folder, "ran"))).toBe(false);
    expect(existsSync(workshop.store)).toBe(false);
  });

  it("that can't be reached or read is noted, without the password", async () => {
    workshop.write({ "torn.parquet": "PAR1 and then nothing" });
    const address = "postgres://ada:geheim@127.0.0.1:1/db?query=select+1";
    const run = await recordIn(workshop, ["true"], { data: [address, "torn.parquet"] });
    expect(run.status).toBe("finished");
    expect(run.notes).toHaveLength(2);
    expect(JSON.stringify([run.notes, run.events])).not.toContain("geheim");
    expect(run.components.data?.["inputs/torn.parquet/bytes"]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is found by what the command opens in Node", async () => {
    workshop.write({
      "in.csv": "a\n1\n",
      "settings.json": '{"depth": 4}',
      "train.mjs": `import { readFileSync, writeFileSync } from "node:fs"; import { readFile } from "node:fs/promises";
        readFileSync("in.csv"); await readFile("settings.json"); writeFileSync("out.csv", "b\\n2\\n");`,
    });
    const run = await recordIn(workshop, [process.execPath, "train.mjs"]);
    expect(run.components.data?.["inputs/in.csv/rowCount"]).toBe(1);
    expect(run.components.data?.["inputs/out.csv/rowCount"]).toBeUndefined();
    expect(run.components.configuration?.["files/settings.json/depth"]).toBe(4);
    expect(run.components.platform?.["interpreter/node/version"]).toBe(process.versions.node);
    const outputs = run.events.filter((event) => event.type === "dataset" && event.role === "output");
    expect(outputs).toMatchObject([{ name: "out.csv" }]);
    expect(run.components.source).not.toHaveProperty("files/in.csv");
  });

  it("of 50 GB is identified by its size and samples, and a changed sample by another hash", async () => {
    const bytes = 50 * 1024 ** 3;
    const path = join(workshop.folder, "large.csv");
    writeFileSync(path, "a,b\n1,2\n");
    // A hole: it takes no room on the disk.
    truncateSync(path, bytes);
    const hashes: unknown[] = [];
    for (const content of ["a,b\n1,2\n", "a,b\n1,2\n", "a,b\n1,3\n"]) {
      const file = openSync(path, "r+");
      writeSync(file, content);
      closeSync(file);
      const run = await recordIn(workshop, ["true"], { data: ["large.csv"] });
      expect(run.notes).toEqual([expect.stringContaining("larger than 2 GiB and was identified by its size")]);
      hashes.push(run.components.data?.["inputs/large.csv/snapshot"]);
    }
    expect(hashes[0]).toMatch(new RegExp(`^sampled:${bytes}:`));
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  const hasPython = hasProgram("python3");
  it.skipIf(!hasPython)(
    `is found by what the command opens in Python${hasPython ? "" : " (skipped: no python3)"}`,
    async () => {
      workshop.write({
        "in.csv": "a\n1\n",
        "ünï\ncode.csv": "a\n5\n",
        "train.py": `import csv, sys, json, sqlite3
for name in ["in.csv", "ünï\\ncode.csv"]:
    rows = list(csv.reader(open(name, encoding="utf-8")))
open("out.csv", "w").write("b\\n2\\n")
print("loss=%s" % float("nan"), "rows=%d" % len(rows))
sys.exit(4)`,
      });
      const run = await recordIn(workshop, ["python3", "train.py"]);
      expect(run).toMatchObject({ exitCode: 4, status: "failed", points: ["loss@0=NaN", "rows@0=2"], notes: [] });
      expect(run.components.data?.["inputs/in.csv/rowCount"]).toBe(1);
      expect(Object.keys(run.components.data ?? {}).some((path) => path.startsWith("inputs/ünï\ncode.csv/"))).toBe(
        true,
      );
      const { platform = {} } = run.components;
      expect(platform["interpreter/python/version"]).toMatch(/^3\./);
      expect(Object.keys(platform).filter((path) => path.startsWith("packages/python/")).length).toBeGreaterThan(0);
    },
  );

  it.skipIf(!hasPython)(
    `keeps quiet in a Python that hides its environment${hasPython ? "" : " (skipped: no python3)"}`,
    async () => {
      const run = await recordIn(workshop, ["python3", "-I", "-c", "print('x=1')"]);
      expect(run).toMatchObject({ exitCode: 0, errors: "", points: ["x@0=1"] });
      expect(run.components.platform?.["interpreter/python/version"]).toMatch(/^3\./);
    },
  );
});

describe("source", () => {
  it("without git is the hash of every file, by odd names too", async () => {
    workshop.write({ "train.py": "print(1)\n", "ünï\ncode name.py": "x\n", "model.bin": "data" });
    symlinkSync("train.py", join(workshop.folder, "link.py"));
    const { source = {} } = (await recordIn(workshop, ["true"])).components;
    expect(source["files/train.py"]).toBe(workshopBlob("print(1)\n"));
    expect(source["files/ünï\ncode name.py"]).toBe(workshopBlob("x\n"));
    expect(source).not.toHaveProperty("files/model.bin");
    expect(source).not.toHaveProperty("git/commit");
  });

  it("in git is the commit, with changed and new content beside it", async () => {
    workshop.git("init", "-q", "-b", "main");
    workshop.write({
      "kept.py": "kept\n",
      "changed.py": "old\n",
      "gone.py": "gone\n",
      "sub/a.py": "a\n",
      ".gitignore": "*.tmp\n",
    });
    workshop.git("add", "-A");
    workshop.git("commit", "-q", "-m", "one");
    workshop.write({ "changed.py": "new\n", "nëw\nname.py": "new too\n", "ignored.tmp": "x" });
    workshop.git("rm", "-q", "--cached", "gone.py");
    const { rmSync } = await import("node:fs");
    rmSync(join(workshop.folder, "gone.py"));
    const run = await recordIn(workshop, ["true"], { cwd: join(workshop.folder, "sub") });
    const { source = {} } = run.components;
    expect(source).toMatchObject({
      "git/commit": workshop.git("rev-parse", "HEAD"),
      "git/branch": "main",
      "git/dirty": true,
      "command/working-directory": "sub",
      "files/kept.py": workshopBlob("kept\n"),
      "files/changed.py": workshopBlob("new\n"),
      "files/nëw\nname.py": workshopBlob("new too\n"),
      [joinPath("files", "sub/a.py")]: workshopBlob("a\n"),
    });
    expect(source).not.toHaveProperty("files/gone.py");
    expect(source).not.toHaveProperty("files/ignored.tmp");
    const blobs = run.events.flatMap((event) =>
      event.type === "blob" ? [Buffer.from(event.base64, "base64").toString()] : [],
    );
    expect(blobs.sort()).toEqual(["new\n", "new too\n"]);
  });

  it("is read on a detached head, before the first commit, and where git refuses", async () => {
    workshop.git("init", "-q", "-b", "main");
    workshop.write({ "a.py": "a\n" });
    const empty = (await recordIn(workshop, ["true"])).components.source ?? {};
    expect(empty).toMatchObject({ "files/a.py": workshopBlob("a\n"), "git/dirty": true });
    expect(empty).not.toHaveProperty("git/commit");
    workshop.git("add", "-A");
    workshop.git("commit", "-q", "-m", "one");
    workshop.git("checkout", "-q", "--detach");
    const detached = (await recordIn(workshop, ["true"])).components.source ?? {};
    expect(detached).toMatchObject({ "git/commit": workshop.git("rev-parse", "HEAD"), "git/dirty": false });
    expect(detached).not.toHaveProperty("git/branch");
    writeFileSync(join(workshop.folder, ".git", "HEAD"), "nonsense");
    const broken = await recordIn(workshop, ["true"]);
    expect(broken.components.source).toMatchObject({ "files/a.py": workshopBlob("a\n") });
    expect(broken.notes).toEqual([expect.stringContaining("git could not read")]);
  });

  it("of 100,000 files is recorded whole", async () => {
    workshop.git("init", "-q", "-b", "main");
    const content = (number: number): string => `${number % 7}\n`;
    const blobs = Array.from({ length: 7 }, (_, index) => `blob\nmark :${index + 1}\ndata 2\n${content(index)}\n`);
    const paths = Array.from({ length: 100_000 }, (_, index) => `package ${index % 500}/module${index}.py`);
    const entries = paths.map((path, index) => `M 100644 :${(index % 7) + 1} "${path}"\n`);
    const commit = `commit refs/heads/main\ncommitter Ada <ada@example.org> 1767225600 +0000\ndata 4\nmany\n`;
    workshop.git("fast-import", "--quiet", { input: `${blobs.join("")}${commit}${entries.join("")}\n` });
    // A sparse checkout, as one works in such a repository: writing 100,000 files takes a slow disk minutes.
    workshop.git("config", "core.sparseCheckout", "true");
    writeFileSync(join(workshop.folder, ".git", "info", "sparse-checkout"), "/package 3/\n");
    workshop.git("checkout", "-q", "-f", "main");
    workshop.write({ "package 3/module3.py": "changed\n" });
    const run = await recordIn(workshop, ["true"]);
    const { source = {} } = run.components;
    expect(Object.keys(source).filter((path) => path.startsWith("files/"))).toHaveLength(100_000);
    expect(source[joinPath("files", "package 499/module99999.py")]).toBe(workshopBlob(content(99_999)));
    expect(source[joinPath("files", "package 3/module3.py")]).toBe(workshopBlob("changed\n"));
    expect(source["git/dirty"]).toBe(true);
    expect(run.notes).toEqual([]);
  }, 120_000);

  const workshopBlob = (content: string): string => {
    workshop.write({ "../blob": content });
    return workshop.git("hash-object", "--no-filters", join(workshop.folder, "..", "blob"));
  };
});

describe("the environment", () => {
  it("is recorded by an allow-list, secrets never", async () => {
    const secrets = { TF_API_TOKEN: "tok-1", CUDA_SECRET: "sec-2", PASSWORD: "pass-3", AWS_SECRET_ACCESS_KEY: "key-4" };
    const env = { ...process.env, OMP_NUM_THREADS: "4", MY_SEED: "7", HOME_ADDRESS: "street", ...secrets };
    const run = await recordIn(workshop, node("console.log(process.env.PASSWORD.length === 6 ? 'ok=1' : 'ok=0')"), {
      env,
    });
    expect(run.points).toEqual(["ok@0=1"]);
    expect(run.components.platform).toMatchObject({ "environment/OMP_NUM_THREADS": "4", "environment/MY_SEED": "7" });
    const text = JSON.stringify(run.events);
    for (const secret of [...Object.values(secrets), "street"]) expect(text).not.toContain(secret);
    expect(JSON.stringify(run.components.platform)).not.toContain("DEEPWRIGHT");
  });

  it("of a recorder within a recorder is the same as alone", async () => {
    const print = "for (const n of ['NODE_OPTIONS','PYTHONPATH']) console.log(n + ' ' + process.env[n])";
    const env = { ...process.env, NODE_OPTIONS: "--no-warnings", PYTHONPATH: "/one:/two" };
    const outer = await recordIn(workshop, node(print), { env });
    const lines = Object.fromEntries(
      outer.output.split("\n").map((line) => [line.split(" ")[0], line.slice(line.indexOf(" ") + 1)]),
    );
    expect(lines.NODE_OPTIONS).toMatch(/^--no-warnings --require .*preload\.cjs"?$/);
    expect(lines.PYTHONPATH).toMatch(/hooks\/[0-9a-f]{16}:\/one:\/two$/);
    const inner = await recordIn(workshop, node(print), { env: { ...env, ...lines, DEEPWRIGHT_REPORTS: "/nowhere" } });
    expect(inner.components.platform).toMatchObject({
      "environment/NODE_OPTIONS": "--no-warnings",
      "environment/PYTHONPATH": "/one:/two",
    });
    expect(inner.output.match(/preload/g)).toHaveLength(1);
  });

  it("shows no secret of the command line", async () => {
    const words = [
      "--api-key",
      "abc-1",
      "--password=abc-2",
      "--db",
      "postgres://ada:abc-3@host/db",
      "--pad-token",
      "<pad>",
    ];
    const run = await recordIn(workshop, [...node("console.log('words=' + process.argv.length)"), "--", ...words]);
    expect(run.points).toEqual(["words@0=8"]);
    expect(run.components.configuration).toMatchObject({
      "arguments/--api-key": "[secret]",
      "arguments/--password": "[secret]",
      "arguments/--db": "postgres://ada:[secret]@host/db",
      "arguments/--pad-token": "<pad>",
    });
    for (const secret of ["abc-1", "abc-2", "abc-3"]) expect(JSON.stringify(run.events)).not.toContain(secret);
  });

  it("of the computer is recorded", async () => {
    const run = await recordIn(workshop, ["true"]);
    expect(run.components.hardware).toMatchObject({
      "cpu/cores": expect.any(Number),
      "memory/bytes": expect.any(Number),
    });
    expect(run.components.platform).toMatchObject({ "os/name": expect.any(String), "os/release": expect.any(String) });
  });
});

describe("the disk", () => {
  const isRoot = process.getuid?.() === 0;
  /** Root may write everywhere but onto a disk that can't be written, and may make such disks. */
  const mount = (...words: string[]): boolean => spawnSync("mount", words, { stdio: "ignore" }).status === 0;
  const mountsDisks = isRoot && spawnSync("mount", ["--version"], { stdio: "ignore" }).status === 0;

  it.skipIf(isRoot && !mountsDisks)(
    `that can't be written is refused before anything runs${isRoot && !mountsDisks ? " (skipped: root, and no disk can be mounted)" : ""}`,
    async ({ skip }) => {
      mkdirSync(workshop.store, { mode: 0o500 });
      if (isRoot && !mount("-t", "tmpfs", "-o", "ro", "tmpfs", workshop.store)) skip("no disk can be mounted");
      try {
        await expect(recordIn(workshop, ["touch", "ran"])).rejects.toThrow(refusal("SPOOL_NOT_WRITABLE"));
        expect(existsSync(join(workshop.folder, "ran"))).toBe(false);
      } finally {
        if (isRoot) spawnSync("umount", [workshop.store]);
        else chmodSync(workshop.store, 0o700);
      }
    },
  );

  it.skipIf(!mountsDisks)(
    `on a full disk lets the command run, and says what is lost${mountsDisks ? "" : " (skipped: no disk can be mounted)"}`,
    async ({ skip }) => {
      mkdirSync(workshop.store);
      if (!mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", workshop.store)) skip("no disk can be mounted");
      try {
        const write = (blocks: number) =>
          spawnSync("dd", ["if=/dev/zero", `of=${join(workshop.store, "fill")}`, "bs=4k", `count=${blocks}`]);
        write(100);
        await expect(recordIn(workshop, ["touch", "ran"])).rejects.toThrow(refusal("SPOOL_NOT_WRITABLE"));
        expect(existsSync(join(workshop.folder, "ran"))).toBe(false);
        // Room for the start of a run and not for its points.
        write(7);
        const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
        const program = "for (let i = 0; i < 5000; i++) console.log('loss=' + i + '.' + i); process.exitCode = 5";
        const run = await recordIn(workshop, node(program)).finally(() => said.mockRestore());
        expect(run).toMatchObject({ exitCode: 5, status: "failed", isPartial: true });
        expect(run.output).toContain("loss=4999.4999");
        expect(run.events[0]?.type).toBe("run-start");
      } finally {
        spawnSync("umount", [workshop.store]);
      }
    },
  );

  it.skipIf(process.platform !== "linux")(
    `in a file system that makes no folders is refused${process.platform === "linux" ? "" : " (skipped: no /proc)"}`,
    async () => {
      const options = { store: "file:/proc/deepwright/store" };
      await expect(recordIn(workshop, ["touch", "ran"], options)).rejects.toThrow(refusal("SPOOL_NOT_WRITABLE"));
      expect(existsSync(join(workshop.folder, "ran"))).toBe(false);
    },
  );

  it("where a file stands in the store's place is refused before anything runs", async () => {
    writeFileSync(workshop.store, "a file");
    await expect(recordIn(workshop, ["touch", "ran"])).rejects.toThrow(refusal("SPOOL_NOT_WRITABLE"));
    expect(readdirSync(workshop.folder)).toEqual([]);
  });

  it.each([
    ["EACCES", 4],
    ["EROFS", 4],
    ["ENOTDIR", 2],
    ["ENOSPC", 3],
  ])("that refuses with %s ends the command line with %i", (code, exitCode) => {
    const error = spoolNotWritable("/store", Object.assign(new Error(`${code}: no`), { code }), "nothing ran");
    expect(error).toMatchObject({ code: "SPOOL_NOT_WRITABLE", exitCode });
    expect(error.message).toContain("; nothing ran.");
  });
});
