#!/usr/bin/env node
import module from "node:module";
import { version } from "./version.js";

const words = process.argv.slice(2);
// The version is asked for by scripts and by people in a hurry: nothing else is loaded for it.
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  process.stdout.write(`${version()}\n`);
} else {
  // Node 22 and later keep compiled code between starts; earlier ones do not have the function.
  const loader: typeof module & { enableCompileCache?: () => unknown } = module;
  loader.enableCompileCache?.();
  const { main } = await import("./main.js");
  process.exitCode = await main(words);
}
