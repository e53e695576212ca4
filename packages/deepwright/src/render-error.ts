import { toDeepwrightError } from "@deepwright/core";
import { CommanderError } from "commander";
import { commandEntries } from "./commands/registry.js";
import type { CliContext } from "./context.js";

/** Shows a failure in the one way that all commands share, never with a stack, and gives the exit code. */
export function renderError(error: unknown, cli: CliContext, words: readonly string[]): number {
  const json = cli.options.json || words.slice(0, words.indexOf("--") >>> 0).includes("--json");
  if (error instanceof CommanderError) return renderUsage(error, cli, words, json);
  if (cli.signal.aborted && error instanceof Error && error.name === "AbortError") return 130;
  const typed = toDeepwrightError(error);
  if (json) cli.streams.stdout.write(`${JSON.stringify({ error: typed.toJSON() }, null, 2)}\n`);
  else cli.streams.stderr.write(`deepwright: ${typed.message} [${typed.code}]\n`);
  return failedChecks.has(typed.code) ? 1 : typed.exitCode;
}

/** What was asked for was done, and the answer is no. */
const failedChecks: ReadonlySet<string> = new Set(["CONFIGURATION_VIOLATED", "GATE_FAILED"]);

function renderUsage(error: CommanderError, cli: CliContext, words: readonly string[], json: boolean): number {
  // Help and version come as errors too.
  if (error.exitCode === 0 || error.code === "commander.help") return error.exitCode === 0 ? 0 : 2;
  const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
  const known = words.find((word) => commandEntries.some(({ name }) => name === word));
  const todo = `Run \`${known === undefined ? "deepwright" : `deepwright ${known}`} --help\`.`;
  if (json) {
    const usage = {
      code: "INVALID_USAGE",
      kind: "usage",
      message,
      expected: "a known command with its arguments and options",
      got: message,
      todo,
      retryable: false,
      details: {},
    };
    cli.streams.stdout.write(`${JSON.stringify({ error: usage }, null, 2)}\n`);
  } else cli.streams.stderr.write(`deepwright: ${message.replace(/[.?]$/, "")}. ${todo} [INVALID_USAGE]\n`);
  return 2;
}
