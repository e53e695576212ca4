import { readFileSync } from "node:fs";
import { DeepwrightError } from "@deepwright/core";
import { open, seal } from "./seal.js";

/**
 * Encrypts the keys of persons under a master key that this process may never see: implement it with a key management
 * service's encrypt and decrypt calls, or take {@link environmentKeys} or {@link fileKeys}.
 */
export interface MasterKeys {
  /** Version under which new keys are wrapped. */
  readonly currentVersion: string;
  /** @param context binds the result to its owner */
  wrap(key: Uint8Array, context: string): Promise<Uint8Array>;
  /** @throws DeepwrightError `MASTER_KEY_MISSING` when the version is not there, `CIPHERTEXT_REFUSED` */
  unwrap(version: string, wrapped: Uint8Array, context: string): Promise<Uint8Array>;
}

const keyBytes = 32;

/**
 * Master keys from text: one `VERSION:BASE64` of 32 bytes a line or comma, the current one first. Old versions stay listed
 * until nothing is wrapped under them any more.
 *
 * @throws DeepwrightError `MASTER_KEY_INVALID`, which never shows the text
 */
export function parseMasterKeys(text: string, source: string): MasterKeys {
  const keys = new Map<string, Uint8Array>();
  for (const entry of text.split(/[\n,]/).map((part) => part.trim())) {
    if (entry === "" || entry.startsWith("#")) continue;
    const [, version, encoded] = /^([\w.-]{1,64}):([A-Za-z0-9+/_=-]+)$/.exec(entry) ?? [];
    const key = Buffer.from(encoded ?? "", "base64");
    if (version === undefined || key.length !== keyBytes) throw invalid(source, "an entry of another form");
    if (keys.has(version)) throw invalid(source, `version ${version} twice`);
    keys.set(version, key);
  }
  const [currentVersion] = keys.keys();
  if (currentVersion === undefined) throw invalid(source, "none");
  return {
    currentVersion,
    wrap: async (key, context) => seal(keys.get(currentVersion) as Uint8Array, key, context),
    async unwrap(version, wrapped, context) {
      const master = keys.get(version);
      if (master) return open(master, wrapped, context);
      throw new DeepwrightError({
        code: "MASTER_KEY_MISSING",
        kind: "unavailable",
        expected: `version ${version} of the master key in ${source}`,
        got: `versions ${[...keys.keys()].join(", ")}`,
        todo: "List the version again, then rotate before it is taken away.",
      });
    },
  };
}

function invalid(source: string, got: string): DeepwrightError {
  return new DeepwrightError({
    code: "MASTER_KEY_INVALID",
    expected: `master keys in ${source}, each VERSION:BASE64 of 32 bytes`,
    got,
    todo: "Make one with `node -e \"console.log('v1:' + require('crypto').randomBytes(32).toString('base64'))\"`.",
  });
}

/** Master keys from an environment variable. */
export function environmentKeys(variable = "DEEPWRIGHT_MASTER_KEYS"): MasterKeys {
  return parseMasterKeys(process.env[variable] ?? "", `the environment variable ${variable}`);
}

/** Master keys from a file, which should be readable to its owner only. */
export function fileKeys(path: string): MasterKeys {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw invalid(JSON.stringify(path), "no file that can be read");
  }
  return parseMasterKeys(text, JSON.stringify(path));
}
