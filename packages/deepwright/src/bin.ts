#!/usr/bin/env node
import { version } from "./version.js";

const words = process.argv.slice(2);
// The version is asked for by scripts and by people in a hurry: nothing else is loaded for it.
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  process.stdout.write(`${version()}\n`);
} else {
  const { main } = await import("./main.js");
  process.exitCode = await main(words);
}
