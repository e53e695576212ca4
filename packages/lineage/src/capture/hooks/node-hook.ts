/**
 * Preload for the command's Node (`--require`): reports the interpreter and the files that it opens, by wrapping the calls of `fs`
 * that open one. Written as CommonJS, since it runs in whatever Node the command uses (18 and later).
 */
export const nodeHook = String.raw`"use strict";
(() => {
  const folder = process.env.DEEPWRIGHT_REPORTS;
  if (!folder) return;
  const fs = require("node:fs");
  const path = require("node:path");
  const { fileURLToPath } = require("node:url");
  const { isMainThread } = require("node:worker_threads");
  let descriptor;
  const { openSync, writeSync } = fs;
  try {
    descriptor = openSync(path.join(folder, "node-" + process.pid + (isMainThread ? "" : "-worker") + ".jsonl"), "a", 0o600);
  } catch {
    return;
  }
  const report = (entry) => {
    try {
      writeSync(descriptor, JSON.stringify(entry) + "\n");
    } catch {}
  };
  report({
    kind: "node",
    executable: process.execPath,
    version: process.versions.node,
    main: process.argv[1] ? path.resolve(process.argv[1]) : null,
    cwd: process.cwd(),
  });
  const seen = new Set();
  const skipped = /\.(?:[cm]?[jt]sx?|node|map)$|[\\/]node_modules[\\/]|^\/(?:proc|sys|dev|etc|usr)\//;
  const note = (target, kind) => {
    try {
      if (typeof target === "number") return;
      const name = target instanceof URL ? fileURLToPath(target) : Buffer.isBuffer(target) ? target.toString() : target;
      if (typeof name !== "string") return;
      const key = kind + name;
      if (seen.has(key)) return;
      seen.add(key);
      const full = path.resolve(name);
      if (!skipped.test(full) && !full.startsWith(folder)) report({ kind, path: full });
    } catch {}
  };
  const writes = (flags) => (typeof flags === "number" ? (flags & 3) !== 0 : typeof flags === "string" && /[wa+]/.test(flags));
  const flagsOf = (options, normal) => (options && typeof options === "object" && options.flag) || normal;
  const wrap = (owner, name, kindOf) => {
    const original = owner[name];
    if (typeof original !== "function") return;
    const wrapped = function (...words) {
      note(words[0], kindOf(words));
      return original.apply(this, words);
    };
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    owner[name] = wrapped;
  };
  const opens = (words) => (writes(typeof words[1] === "function" ? "r" : words[1] ?? "r") ? "write" : "read");
  const reads = (words) => (writes(flagsOf(words[1], "r")) ? "write" : "read");
  for (const owner of [fs, fs.promises]) {
    for (const name of ["open", "openSync"]) wrap(owner, name, opens);
    for (const name of ["readFile", "readFileSync", "createReadStream"]) wrap(owner, name, reads);
    for (const name of ["writeFile", "writeFileSync", "appendFile", "appendFileSync", "createWriteStream"]) wrap(owner, name, () => "write");
  }
  require("node:module").syncBuiltinESMExports();
})();
`;
