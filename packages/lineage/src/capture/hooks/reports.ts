import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const pythonSchema = z.object({
  kind: z.literal("python"),
  executable: z.string(),
  version: z.string(),
  prefix: z.string(),
  basePrefix: z.string(),
  path: z.array(z.string()),
  arguments: z.array(z.string()),
});
const nodeSchema = z.object({
  kind: z.literal("node"),
  executable: z.string(),
  version: z.string(),
  main: z.string().nullable(),
  cwd: z.string(),
});
const fileSchema = z.object({ kind: z.enum(["read", "write"]), path: z.string() });
const lineSchema = z.discriminatedUnion("kind", [pythonSchema, nodeSchema, fileSchema]);

export type PythonReport = z.infer<typeof pythonSchema>;
export type NodeReport = z.infer<typeof nodeSchema>;

/** What the processes of a command told about themselves. */
export interface Reports {
  readonly pythons: readonly PythonReport[];
  readonly nodes: readonly NodeReport[];
  /** Files that were read before any process of the command had written them. Absolute. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** Reads all reports. A line that a killed process left half-written is skipped. */
export function readReports(folder: string): Reports {
  const pythons: PythonReport[] = [];
  const nodes: NodeReport[] = [];
  const reads = new Set<string>();
  const writes = new Set<string>();
  for (const line of reportLines(folder)) {
    if (line.kind === "python") pythons.push(line);
    else if (line.kind === "node") nodes.push(line);
    else if (line.kind === "write") writes.add(line.path);
    else if (!writes.has(line.path)) reads.add(line.path);
  }
  return { pythons, nodes, reads: [...reads], writes: [...writes] };
}

function* reportLines(folder: string): Generator<z.infer<typeof lineSchema>> {
  let names: string[] = [];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return;
  }
  for (const name of names) {
    for (const text of readFileSync(join(folder, name), "utf8").split("\n")) {
      if (text === "") continue;
      try {
        const parsed = lineSchema.safeParse(JSON.parse(text));
        if (parsed.success) yield parsed.data;
      } catch {
        // Half a line.
      }
    }
  }
}
