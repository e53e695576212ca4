import { readFile } from "node:fs/promises";
import { DeepwrightError } from "@deepwright/core";
import { parse } from "yaml";
import type { z } from "zod";
import { contractSchema, type DataContract } from "./contract.js";

/**
 * Reads a data contract of the Open Data Contract Standard 3 (YAML or JSON) and checks it field by field against the standard.
 *
 * @throws DeepwrightError `CONTRACT_INVALID` that names all fields that are wrong
 * @example
 * ```ts
 * const contract = parseContract(await readFile("orders.odcs.yaml", "utf8"));
 * ```
 */
export function parseContract(text: string): DataContract {
  let value: unknown;
  try {
    // Aliases could make a small text huge. Dates stay texts, as the standard has them.
    value = parse(text, { maxAliasCount: 0, schema: "core" });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw contractInvalid("YAML or JSON", reason.replace(/[:.\s]+$/, ""), "Correct the text.");
  }
  return checkContract(value);
}

/** @throws DeepwrightError `CONTRACT_MISSING`; `CONTRACT_INVALID`, which names the file */
export async function readContract(path: string): Promise<DataContract> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new DeepwrightError({
      code: "CONTRACT_MISSING",
      kind: "not-found",
      expected: "the file of a data contract",
      got: JSON.stringify(path),
      todo: "Check the path.",
      cause,
    });
  });
  try {
    return parseContract(text);
  } catch (error) {
    if (!(error instanceof DeepwrightError)) throw error;
    throw contractInvalid(error.expected, `${error.got}, in ${JSON.stringify(path)}`, error.todo, {
      ...error.details,
      file: path,
    });
  }
}

/** @throws DeepwrightError `CONTRACT_INVALID` */
export function checkContract(value: unknown): DataContract {
  const version = (value as { readonly apiVersion?: unknown } | null)?.apiVersion;
  if (typeof version === "string" && /^v?[0-2]\./.test(version)) {
    throw contractInvalid(
      "a data contract of version 3 of the standard",
      `version ${version}`,
      "Convert it; version 3 renamed most fields.",
    );
  }
  const parsed = contractSchema.safeParse(value);
  // The value itself: its fields stay in the order in which they were written.
  if (parsed.success) return value as DataContract;
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: fieldPath(path), message }));
  const shown = problems.slice(0, 3).map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  throw contractInvalid(
    "a data contract of the Open Data Contract Standard 3.1.0",
    `${shown.join("; ")}${problems.length > 3 ? `; and ${problems.length - 3} more` : ""}`,
    "Correct the fields.",
    { problems },
  );
}

/** `schema[0].properties[2].quality[0]` */
function fieldPath(path: z.core.$ZodIssue["path"]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function contractInvalid(expected: string, got: string, todo: string, details = {}): DeepwrightError {
  return new DeepwrightError({ code: "CONTRACT_INVALID", expected, got, todo, details });
}
