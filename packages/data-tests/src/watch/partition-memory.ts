import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { DeepwrightError } from "@deepwright/core";
import { z } from "zod";

const memorySchema = z.strictObject({
  version: z.literal(1),
  tested: z.record(z.string(), z.strictObject({ content: z.string(), state: z.string().nullable() })),
});
type Memory = z.infer<typeof memorySchema>;

/** Which partitions were tested with which content; kept in one file, which is replaced as a whole. */
export class PartitionMemory {
  readonly #path: string;
  readonly #tested: Memory["tested"];

  private constructor(path: string, tested: Memory["tested"]) {
    this.#path = path;
    this.#tested = tested;
  }

  /**
   * Reads the memory, or begins one where there is no file.
   *
   * @throws DeepwrightError `PARTITION_MEMORY_INVALID`
   */
  static async open(path: string): Promise<PartitionMemory> {
    const text = await readFile(path, "utf8").catch((error: { readonly code?: unknown }) => {
      if (error.code === "ENOENT") return null;
      throw memoryInvalid(path, String(error));
    });
    if (text === null) return new PartitionMemory(path, {});
    try {
      return new PartitionMemory(path, memorySchema.parse(JSON.parse(text)).tested);
    } catch (error) {
      throw memoryInvalid(path, error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
  }

  /** What the partition was when it was tested; `undefined` where it never was. */
  get(suite: string, partition: string): { readonly content: string; readonly state: string | null } | undefined {
    const key = keyOf(suite, partition);
    return Object.hasOwn(this.#tested, key) ? this.#tested[key] : undefined;
  }

  async remember(suite: string, partition: string, content: string, state: string | null): Promise<void> {
    this.#tested[keyOf(suite, partition)] = { content, state };
    await mkdir(dirname(this.#path), { recursive: true });
    const partial = `${this.#path}.partial`;
    await writeFile(partial, `${JSON.stringify({ version: 1, tested: this.#tested } satisfies Memory, null, 1)}\n`);
    await rename(partial, this.#path);
  }
}

const keyOf = (suite: string, partition: string): string => JSON.stringify([suite, partition]);

function memoryInvalid(path: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "PARTITION_MEMORY_INVALID",
    expected: `the memory of tested partitions in ${JSON.stringify(path)}`,
    got,
    todo: "Remove the file to test all partitions again.",
    details: { file: path },
  });
}
