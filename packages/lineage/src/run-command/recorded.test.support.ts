import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Leaf } from "@deepwright/core";
import type { LineageEvent, RunEndEvent } from "../contract/events.js";
import { listSources } from "../recorder/spool.js";
import { LogReader } from "../recorder/write-ahead-log/reader.js";
import type { RecordCommandOptions, RecordedCommand } from "./options.js";
import { recordCommand } from "./record-command.js";

/** A folder with files in it, and a store beside it. */
export class Workshop {
  readonly #top = realpathSync(mkdtempSync(join(tmpdir(), "deepwright-run-")));
  readonly folder = join(this.#top, "project");
  readonly store = join(this.#top, "store");

  constructor() {
    mkdirSync(this.folder);
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): this {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), content);
    }
    return this;
  }

  git(...words: (string | { readonly input: string })[]): string {
    const { input } = words.find((word) => typeof word === "object") ?? { input: "" };
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
    const { status, stdout, stderr } = spawnSync(
      "git",
      ["-C", this.folder, ...identity, ...words.filter((word) => typeof word === "string")],
      {
        encoding: "utf8",
        input,
      },
    );
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }

  remove(): void {
    rmSync(this.#top, { recursive: true, force: true });
  }
}

/** A recorded command with what its log holds. */
export interface Recorded extends RecordedCommand {
  readonly events: readonly LineageEvent[];
  readonly components: Readonly<Record<string, Readonly<Record<string, Leaf>>>>;
  /** Points as `name@step=value`, in their order. */
  readonly points: readonly string[];
  readonly end: RunEndEvent;
  readonly output: string;
  readonly errors: string;
}

/** Records a command in a workshop and reads its log. */
export async function recordIn(
  workshop: Workshop,
  command: readonly string[],
  options: Partial<RecordCommandOptions> = {},
): Promise<Recorded> {
  let output = "";
  let errors = "";
  const recorded = await recordCommand({
    command,
    store: `file:${workshop.store}`,
    cwd: workshop.folder,
    deliverTo: "none",
    stdio(chunk, stream) {
      if (stream === "stdout") output += chunk.toString("utf8");
      else errors += chunk.toString("utf8");
    },
    ...options,
  });
  return { ...recorded, ...readRun(workshop, recorded.runId), output, errors };
}

/** Events of every log in a store's spool. */
export function readRun(workshop: Workshop, runId: string) {
  const source = listSources(workshop.store).find((entry) => entry.runId === runId);
  if (!source) throw new Error(`no log of run ${runId}`);
  const reader = new LogReader(source.directory, source.runId);
  const events: LineageEvent[] = [];
  for (;;) {
    const part = reader.read({ maximumEvents: 10_000, maximumBytes: 1e9 });
    if (part.length === 0) break;
    events.push(...part.map(({ event }) => event));
  }
  const components: Record<string, Record<string, Leaf>> = {};
  const points: string[] = [];
  for (const event of events) {
    if (event.type === "component") {
      components[event.component] = { ...components[event.component], ...event.entries };
      for (const path of event.remove ?? []) delete components[event.component]?.[path];
    } else if (event.type === "metrics") {
      for (const [index, value] of event.values.entries()) {
        points.push(`${event.names[event.nameIndexes[index] as number]}@${event.steps[index]}=${value}`);
      }
    }
  }
  return { events, components, points, end: events.at(-1) as RunEndEvent };
}

/** Words that run a program text in this Node. */
export const node = (program: string): string[] => [process.execPath, "-e", program];

export const hasProgram = (program: string, ...words: string[]): boolean =>
  spawnSync(program, words.length > 0 ? words : ["--version"], { stdio: "ignore" }).status === 0;
