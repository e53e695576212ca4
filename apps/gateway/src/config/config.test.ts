import { isDeepwrightError } from "@deepwright/core";
import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./arguments.js";
import { configSchema, parseConfig, printConfig } from "./config.js";

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isDeepwrightError(error) ? error.code : "untyped";
  }
  return "none";
}

const token = "0123456789abcdef";

describe("the configuration", () => {
  it("has a default for everything and a description for every setting", () => {
    expect(parseConfig({})).toMatchObject({ host: "127.0.0.1", port: 4000, production: false });
    for (const [name, setting] of Object.entries(configSchema.shape)) {
      if (name !== "limits") expect(setting.description, name).toBeTruthy();
    }
  });

  it.each(["0.0.0.0", "::", "10.0.0.1", "example.org", "127.0.0.1.evil.example"])(
    "refuses to listen on %s without a token",
    (host) => {
      expect(codeOf(() => parseConfig({ host }))).toBe("TOKEN_REQUIRED");
      expect(codeOf(() => parseConfig({ host, token }))).toBe("none");
    },
  );

  it.each([
    { port: 70_000 },
    { port: "many" },
    { token: "short" },
    { store: "" },
    { sourceText: "everywhere" },
    { limits: { depth: 0 } },
  ])("refuses %j", (input) => {
    expect(codeOf(() => parseConfig(input))).toBe("INVALID_CONFIG");
  });

  it("prints itself without its secrets", () => {
    const printed = printConfig(parseConfig({ token, store: "postgres://ada:secret@db/runs" }));
    expect(printed).not.toContain(token);
    expect(printed).not.toContain("secret");
    expect(JSON.parse(printed).limits.depth).toBe(12);
  });

  it("takes sizes and times with units", () => {
    const config = parseConfig({ limits: { bodyBytes: "1 MiB" }, shutdownGraceMs: "3s" });
    expect(config.limits.bodyBytes).toBe(1024 ** 2);
    expect(config.shutdownGraceMs).toBe(3000);
  });
});

describe("the command line", () => {
  it("goes before the environment", () => {
    const environment = { DEEPWRIGHT_STORE: "file:a", DEEPWRIGHT_TOKEN: token, NODE_ENV: "production" };
    const { config } = parseCommandLine(["--store", "file:b", "--port", "0"], environment);
    expect(parseConfig(config)).toMatchObject({ store: "file:b", port: 0, token, production: true });
  });

  it("refuses what it does not know", () => {
    expect(codeOf(() => parseCommandLine(["--prot", "1"], {}))).toBe("INVALID_ARGUMENT");
  });
});
