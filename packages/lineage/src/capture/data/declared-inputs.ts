import { accessSync, constants, existsSync } from "node:fs";
import { resolve } from "node:path";
import { DeepwrightError, sha256 } from "@deepwright/core";
import type { CaptureContext } from "../context.js";
import { nameWithin } from "../name-within.js";
import { inputNotFound } from "./fingerprint-input.js";

export type InputSource =
  | { readonly kind: "file"; readonly name: string; readonly path: string }
  /** `uri` may hold a password; `shownUri` does not. */
  | {
      readonly kind: "query";
      readonly name: string;
      readonly uri: string;
      readonly shownUri: string;
      readonly sql: string;
    };

/**
 * Reads what `--data` was given: `PATH`, `NAME=PATH`, `postgres://...?query=SQL` or `NAME=postgres://...`.
 *
 * @throws DeepwrightError `INPUT_NOT_FOUND`, `INVALID_INPUT`
 */
export function parseInput(context: CaptureContext, text: string): InputSource {
  const named = /^([\p{L}\p{N}_.-]+)=(.+)$/su.exec(text);
  const isName = named !== null && !existsSync(resolve(context.workingDirectory, text));
  const name = isName ? (named[1] as string) : null;
  const address = isName ? (named[2] as string) : text;
  if (/^postgres(?:ql)?:\/\//.test(address)) return parseQuery(address, name);
  const path = resolve(context.workingDirectory, address);
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw inputNotFound(address);
  }
  return { kind: "file", name: name ?? nameWithin(context, path), path };
}

function parseQuery(address: string, name: string | null): InputSource {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw invalidInput("an address that is no URL");
  }
  const table = url.searchParams.get("table");
  const sql = url.searchParams.get("query") ?? (table === null ? null : `select * from ${quoted(table)}`);
  if (sql === null || sql.trim() === "") throw invalidInput("an address without ?query= or ?table=");
  url.searchParams.delete("query");
  url.searchParams.delete("table");
  const uri = url.href;
  const shown = new URL(uri);
  shown.username = "";
  shown.password = "";
  shown.search = "";
  const shownUri = `${shown.href}?query=${encodeURIComponent(sql)}`;
  return { kind: "query", name: name ?? table ?? `query-${sha256(shownUri).slice(0, 8)}`, uri, shownUri, sql };
}

const quoted = (name: string): string =>
  name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");

function invalidInput(got: string): DeepwrightError {
  return new DeepwrightError({
    code: "INVALID_INPUT",
    expected: "a database input such as postgres://user@host/database?query=select+...",
    got,
    todo: "Give the query, or a table with ?table=.",
  });
}
