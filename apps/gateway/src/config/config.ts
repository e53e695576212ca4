import { DeepwrightError, parseBytes, parseDuration } from "@deepwright/core";
import { z } from "zod";

const bytes = z.union([z.number().int().nonnegative(), z.string().transform((text) => parseBytes(text))]);
const milliseconds = z.union([z.number().nonnegative(), z.string().transform((text) => parseDuration(text))]);

/** What a GraphQL operation may ask for. Each limit is on by default. */
export const limitsSchema = z.object({
  tokens: z.coerce.number().int().positive().default(2_000).describe("Lexical tokens of a query"),
  depth: z.coerce.number().int().positive().default(12).describe("Levels of nested fields"),
  aliases: z.coerce.number().int().nonnegative().default(30).describe("Aliases in a query"),
  fields: z.coerce.number().int().positive().default(500).describe("Fields in a query, fragments written out"),
  rootFields: z.coerce.number().int().positive().default(20).describe("Fields of Query or Mutation in a query"),
  cost: z.coerce
    .number()
    .positive()
    .default(50_000)
    .describe("Estimated values that a query reads: fields times page sizes"),
  bodyBytes: bytes.default(256 * 1024).describe("Bytes of a GraphQL request"),
  ingestBytes: bytes.default(64 * 1024 * 1024).describe("Bytes of a request to /rpc"),
});
export type GatewayLimits = z.output<typeof limitsSchema>;

/** Everything that can be set about a gateway. Times are milliseconds, sizes bytes; texts such as "30s" and "1 MiB" are taken. */
export const configSchema = z.object({
  store: z.string().min(1).default("file:.deepwright").describe("file: or postgres: address of the database"),
  host: z.string().min(1).default("127.0.0.1").describe("Address to listen on"),
  port: z.coerce.number().int().min(0).max(65_535).default(4000).describe("Port to listen on; 0 takes a free one"),
  token: z.string().min(16).optional().describe("Bearer token that requests must carry; at least 16 characters"),
  allowedHosts: z.array(z.string().min(1)).default([]).describe("Host names by which the gateway is reached"),
  sourceText: z
    .enum(["store", "anywhere"])
    .default("store")
    .describe(
      "Where the text of source files is read for differences: store, or anywhere: also git and the files of this computer where a run says that its source lies",
    ),
  production: z.boolean().default(false).describe("No introspection and no hints about the schema in errors"),
  limits: limitsSchema.default(limitsSchema.parse({})),
  queryCacheSize: z.coerce.number().int().min(16).default(1_000).describe("Parsed queries kept"),
  readCacheMs: milliseconds.default(1_000).describe("How long a read may be answered from memory; 0 never"),
  heartbeatTimeoutMs: milliseconds.default(300_000).describe("Silence after which a running run is marked lost"),
  upkeepIntervalMs: milliseconds.default(2_000).describe("Time between looks at the spool and at silent runs"),
  shutdownGraceMs: milliseconds.default(10_000).describe("Time that requests get to end when the gateway stops"),
});
export type GatewayConfig = z.output<typeof configSchema>;
export type GatewayConfigInput = z.input<typeof configSchema>;

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Checks a configuration and fills in the defaults.
 *
 * @throws DeepwrightError `INVALID_CONFIG`, or `TOKEN_REQUIRED` when it would listen beyond loopback without a token
 * @example
 * ```ts
 * console.log(parseConfig({ port: 0 }).host); // 127.0.0.1
 * ```
 */
export function parseConfig(input: unknown): GatewayConfig {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new DeepwrightError({
      code: "INVALID_CONFIG",
      expected: `a valid value for ${issue?.path.join(".") || "the configuration"}`,
      got: issue?.message ?? "an invalid one",
      todo: "Run with --print-config to see every setting.",
    });
  }
  const config = parsed.data;
  if (!isLoopback(config.host) && config.token === undefined) {
    throw new DeepwrightError({
      code: "TOKEN_REQUIRED",
      kind: "not-allowed",
      expected: "a token for a gateway that other computers can reach",
      got: `host ${config.host} without a token`,
      todo: "Set DEEPWRIGHT_TOKEN to a secret of 16 or more characters, or listen on 127.0.0.1.",
    });
  }
  return config;
}

/** The configuration as JSON, its secrets masked. */
export function printConfig(config: GatewayConfig): string {
  const store = config.store.replace(/(\/\/[^:/@]*):[^@/]*@/, "$1:***@");
  return JSON.stringify({ ...config, store, ...(config.token === undefined ? {} : { token: "***" }) }, null, 2);
}
