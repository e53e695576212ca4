import { parseArgs } from "node:util";
import { DeepwrightError } from "@deepwright/core";
import type { GatewayConfigInput } from "./config.js";

/** What the command line asks for. */
export interface GatewayCommand {
  readonly action: "serve" | "print-config" | "help";
  readonly config: GatewayConfigInput;
}

export const usage = `deepwright-gateway: GraphQL, RPC and live updates for a Deepwright store.

  --store URI          file: or postgres: address (default file:.deepwright, or DEEPWRIGHT_STORE)
  --host ADDRESS       address to listen on (default 127.0.0.1); beyond loopback DEEPWRIGHT_TOKEN must be set
  --port NUMBER        port to listen on (default 4000); 0 takes a free one
  --allowed-host NAME  host name by which the gateway is reached; may be repeated
  --source-text WHERE  read source for differences from the store alone (default), or from anywhere: also from git and the
                       files of this computer where a run says that its source lies; only where every caller may read them
  --production         no introspection and no hints about the schema (also by NODE_ENV=production)
  --print-config       print every setting as JSON and end
  --help               print this and end`;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the command line and the environment.
 *
 * @throws DeepwrightError `INVALID_ARGUMENT`
 */
export function parseCommandLine(argv: readonly string[], environment: Environment): GatewayCommand {
  const values = readOptions(argv);
  const store = values.store ?? environment.DEEPWRIGHT_STORE;
  const token = environment.DEEPWRIGHT_TOKEN;
  return {
    action: values.help ? "help" : values["print-config"] ? "print-config" : "serve",
    config: {
      ...(store ? { store } : {}),
      ...(values.host === undefined ? {} : { host: values.host }),
      ...(values.port === undefined ? {} : { port: values.port }),
      ...(values["source-text"] === undefined ? {} : { sourceText: values["source-text"] as "store" | "anywhere" }),
      ...(values["allowed-host"] ? { allowedHosts: values["allowed-host"] } : {}),
      ...(token ? { token } : {}),
      production: values.production ?? environment.NODE_ENV === "production",
    },
  };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        store: { type: "string" },
        host: { type: "string" },
        port: { type: "string" },
        "allowed-host": { type: "string", multiple: true },
        "source-text": { type: "string" },
        production: { type: "boolean" },
        "print-config": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new DeepwrightError({
      code: "INVALID_ARGUMENT",
      expected: "arguments of deepwright-gateway",
      got: error instanceof Error ? error.message : String(error),
      todo: "See deepwright-gateway --help.",
    });
  }
}
