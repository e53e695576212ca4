import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  checkDeclaredConfiguration,
  configurationViolated,
  declaredConfiguration,
  findConfigurationSchema,
  readConfigurationSchema,
} from "./declared.js";
import type { ConfigurationSchema } from "./schema.js";

const folder = mkdtempSync(join(tmpdir(), "declared-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const key = { types: ["number" as const], required: true };
const schemaOf = (keys: ConfigurationSchema["keys"]): ConfigurationSchema => ({
  schemaVersion: 1,
  keys,
  additionalKeys: false,
});

describe("declaredConfiguration", () => {
  it("holds the arguments, the files among them and the declared ones", async () => {
    write("a.yaml", "rate: 0.1\n");
    write("b.json", '{"depth": 3}');
    const configuration = await declaredConfiguration({
      command: ["python", "train.py", "--config", "a.yaml", "--epochs=2"],
      workingDirectory: folder,
      config: ["b.json"],
    });
    expect(configuration).toEqual({
      "arguments/0": "train.py",
      "arguments/--config": "a.yaml",
      "arguments/--epochs": 2,
      "files/a.yaml/rate": 0.1,
      "files/b.json/depth": 3,
    });
  });

  it("refuses a declared file that is not there", async () => {
    const declared = declaredConfiguration({ command: ["x"], workingDirectory: folder, config: ["none.yaml"] });
    await expect(declared).rejects.toMatchObject({ code: "CONFIG_FILE_MISSING" });
  });
});

describe("checkDeclaredConfiguration", () => {
  it("misses a required key only where it can be known before the run", () => {
    const schema = schemaOf({ "files/a.yaml/rate": key, "files/b.yaml/depth": key, "arguments/--epochs": key });
    const violations = checkDeclaredConfiguration(schema, { "files/a.yaml/other": 1 });
    expect(violations.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      "unknown-key files/a.yaml/other",
      "missing-key files/a.yaml/rate",
      "missing-key arguments/--epochs",
    ]);
    const error = configurationViolated(violations, "the schema");
    expect(error.code).toBe("CONFIGURATION_VIOLATED");
    expect(error.details).toEqual({ violations });
  });

  it("takes a key named as what every object inherits for unknown", () => {
    const violations = checkDeclaredConfiguration(schemaOf({}), { constructor: 1 } as Record<string, number>);
    expect(violations.map(({ rule }) => rule)).toEqual(["unknown-key"]);
  });
});

describe("readConfigurationSchema", () => {
  it("finds and reads the checked-in file", async () => {
    expect(findConfigurationSchema(folder)).toBeNull();
    const file = write(
      "deepwright.config.schema.json",
      JSON.stringify({ schemaVersion: 1, keys: { a: { types: ["null"] } } }),
    );
    expect(findConfigurationSchema(folder)).toBe(file);
    expect((await readConfigurationSchema(file)).keys.a).toEqual({ types: ["null"], required: false });
  });

  it.each([
    ["no JSON", "{"],
    ["another version", '{"schemaVersion": 2, "keys": {}}'],
    ["a misspelled rule", '{"schemaVersion": 1, "keys": {"a": {"type": "number"}}}'],
    ["a list", "[]"],
  ])("refuses %s", async (_, text) => {
    const work = readConfigurationSchema(write("broken.json", text));
    await expect(work).rejects.toMatchObject({ code: "INVALID_CONFIGURATION_SCHEMA", exitCode: 2 });
  });

  it("refuses a file that is not there", async () => {
    const work = readConfigurationSchema(join(folder, "none.json"));
    await expect(work).rejects.toMatchObject({ code: "CONFIGURATION_SCHEMA_MISSING" });
  });
});
