#!/usr/bin/env node
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stringifyJson, toDeepwrightError } from "@deepwright/core";
import { parseCommandLine, usage } from "./command-line/arguments.js";
import { claimWorkFolder } from "./command-line/work-folder.js";
import { type EstResult, runEst } from "./est/run-est.js";

/** Beside the program and not in `.deepwright`: what lies in a store's folder is the store's and no project of a user. */
const workFolders = fileURLToPath(new URL("../.cache/work/", import.meta.url));

async function main(signal: AbortSignal): Promise<number> {
  const command = parseCommandLine(process.argv.slice(2));
  if (command.action === "help") {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { json, quiet, full, out, name: _name, action: _action, ...choices } = command;
  const progress = json ? process.stderr : process.stdout;
  const say = (line: string): void => void (quiet || progress.write(`${line}\n`));
  const results: EstResult[] = [];
  for (const form of full ? (["easy", "hard"] as const) : (["easy"] as const)) {
    if (full) say(`\nForm: ${form}`);
    const folder = resolve(form === "easy" ? out : `${out}-${form}`);
    const given = choices.workdir === undefined ? undefined : resolve(choices.workdir, form);
    const own = join(workFolders, `est-${form}${choices.small ? "-small" : ""}`);
    const work = await claimWorkFolder(given ?? own, { given: given !== undefined });
    try {
      const workdir = work === null ? {} : { workdir: work.path };
      const result = await runEst({ ...choices, ...workdir, form, out: folder, signal, say });
      if (work !== null) say(`The project with its history stays in ${work.path}\n`);
      results.push(result);
    } finally {
      work?.release();
    }
  }
  if (json) process.stdout.write(`${stringifyJson(results)}\n`);
  else for (const { sentence } of results) process.stdout.write(`${sentence}\n`);
  return results.every(({ proof }) => proof.verdict === "proven") ? 0 : 1;
}

// Who reads the output may have gone (`| head`): there is nobody left to tell.
process.stdout.on("error", () => process.exit(1));
const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(name, () => interruption.abort(new Error(`ended by ${name}`)));
}
main(interruption.signal).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    if (interruption.signal.aborted) {
      process.stderr.write("Interrupted; what was recorded is kept.\n");
      process.exitCode = 130;
      return;
    }
    const typed = toDeepwrightError(error);
    process.stderr.write(`${typed.code}: ${typed.message}\n`);
    process.exitCode = typed.exitCode;
  },
);
