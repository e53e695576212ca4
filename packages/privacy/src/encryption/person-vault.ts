import { createHash, randomBytes } from "node:crypto";
import { type Clock, DeepwrightError, newId, sha256, systemClock } from "@deepwright/core";
import type { SqlExecutor, Store } from "@deepwright/store";
import { privacyMigrations } from "../db/migrations/index.js";
import type { MasterKeys } from "./master-keys.js";
import { open, seal } from "./seal.js";

/** Seals and opens the fields of one person. */
export interface PersonCipher {
  /** @param field name of the column; the result opens for no other */
  seal(field: string, value: string): Uint8Array;
  /** @throws DeepwrightError `CIPHERTEXT_REFUSED` */
  open(field: string, sealed: Uint8Array): string;
}

/** One destroyed key in the chain of all of them. */
export interface ErasureProof {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** `null` when the person had no key. */
  readonly keyId: string | null;
  readonly erasedAtMs: number;
  readonly reason: string;
  /** SHA-256 over this record and the hash of the one before. */
  readonly hash: string;
}

/**
 * Personal fields, encrypted under one key a person, which is itself encrypted under a master key: changing the master key
 * rewrites keys only, and destroying a person's key erases all that was ever sealed for that person, in backups too.
 */
export interface PersonVault {
  /** Ciphers of these persons; keys that are missing are made. */
  ciphers(persons: readonly string[]): Promise<ReadonlyMap<string, PersonCipher>>;
  /** Ciphers to read with: no keys are made, and erased or unknown persons are not in the result. */
  readers(persons: readonly string[]): Promise<ReadonlyMap<string, PersonCipher>>;
  /**
   * Wraps keys anew that are under an older master key.
   *
   * @returns how many were rewrapped; 0 once all are
   */
  rotate(options?: { readonly batchSize?: number }): Promise<number>;
  /** Destroys a person's key and writes the proof. What was sealed for the person can never be opened again. */
  erase(person: string, reason: string): Promise<ErasureProof>;
  /**
   * Checks the chain of erasures, and that none of the keys is there any more.
   *
   * @throws DeepwrightError `ERASURE_CHAIN_BROKEN`
   */
  verifyErasures(): Promise<number>;
  /** The erasure of a person, newest first; empty when there was none. */
  erasuresOf(person: string): Promise<readonly ErasureProof[]>;
}

interface KeyRow {
  readonly person: string;
  readonly key_id: string;
  readonly master_version: string;
  readonly wrapped: Uint8Array;
}

interface ErasureRow {
  readonly sequence: number;
  readonly person_salt: string;
  readonly person_digest: string;
  readonly key_id: string | null;
  readonly erased_at_ms: number;
  readonly reason: string;
  readonly previous_hash: string;
  readonly hash: string;
}

const chainStart = "0".repeat(64);
const decoder = new TextDecoder();

const digestOf = (salt: string, person: string): string =>
  createHash("sha256").update(`${salt}\0${person}`).digest("hex");

const hashOf = (row: Omit<ErasureRow, "hash">): string =>
  sha256(
    JSON.stringify([
      Number(row.sequence),
      row.person_salt,
      row.person_digest,
      row.key_id,
      Number(row.erased_at_ms),
      row.reason,
      row.previous_hash,
    ]),
  );

const proofOf = (row: ErasureRow): ErasureProof => ({
  sequence: Number(row.sequence),
  keyId: row.key_id,
  erasedAtMs: Number(row.erased_at_ms),
  reason: row.reason,
  hash: row.hash,
});

function personCipher(key: Uint8Array, keyId: string): PersonCipher {
  return {
    seal: (field, value) => seal(key, Buffer.from(value), `${keyId}\0${field}`),
    open: (field, sealed) => decoder.decode(open(key, sealed, `${keyId}\0${field}`)),
  };
}

/**
 * Opens the vault of a database. Keys are read from the database at every call, so that an erasure holds at once in all
 * processes; ask for the ciphers of many persons in one call.
 *
 * @param store an open store; its tables are brought up to date
 */
export async function openPersonVault(
  store: Store,
  masterKeys: MasterKeys,
  options: { readonly clock?: Clock } = {},
): Promise<PersonVault> {
  const { clock = systemClock } = options;
  await store.migrate([privacyMigrations]);

  const readKeys = (persons: readonly string[]): Promise<KeyRow[]> =>
    store.query<KeyRow>(
      "select person, key_id, master_version, wrapped from privacy_person_key where person = any($1::text[])",
      [persons],
    );

  async function unwrapped(rows: readonly KeyRow[]): Promise<ReadonlyMap<string, PersonCipher>> {
    const ciphers = await Promise.all(
      rows.map(async (row): Promise<readonly [string, PersonCipher]> => {
        const key = await masterKeys.unwrap(row.master_version, row.wrapped, row.key_id);
        return [row.person, personCipher(key, row.key_id)];
      }),
    );
    return new Map(ciphers);
  }

  async function makeKeys(persons: readonly string[]): Promise<void> {
    const made = await Promise.all(
      persons.map(async (person) => {
        const keyId = newId();
        return { person, keyId, wrapped: await masterKeys.wrap(randomBytes(32), keyId) };
      }),
    );
    // Two processes may meet a person at once: the first key stands, and both read it.
    await store.insertColumns(
      "privacy_person_key",
      {
        person: { type: "text", values: persons },
        key_id: { type: "uuid", values: made.map(({ keyId }) => keyId) },
        master_version: { type: "text", values: made.map(() => masterKeys.currentVersion) },
        wrapped: { type: "bytea", values: made.map(({ wrapped }) => wrapped) },
        created_at_ms: { type: "bigint", values: made.map(() => clock.now()) },
      },
      { onConflict: "(person) do nothing" },
    );
  }

  async function lastErasure(executor: SqlExecutor): Promise<ErasureRow | undefined> {
    const [last] = await executor.query<ErasureRow>("select * from privacy_erasure order by sequence desc limit 1");
    return last;
  }

  return {
    async ciphers(persons) {
      const wanted = [...new Set(persons)];
      const known = await readKeys(wanted);
      const have = new Set(known.map(({ person }) => person));
      const missing = wanted.filter((person) => !have.has(person));
      if (missing.length === 0) return unwrapped(known);
      await makeKeys(missing);
      return unwrapped([...known, ...(await readKeys(missing))]);
    },
    readers: async (persons) => unwrapped(await readKeys([...new Set(persons)])),
    async rotate({ batchSize = 1000 } = {}) {
      let rotated = 0;
      for (;;) {
        const rows = await store.query<KeyRow>(
          `select person, key_id, master_version, wrapped from privacy_person_key where master_version <> $1
           order by master_version, person limit $2`,
          [masterKeys.currentVersion, batchSize],
        );
        if (rows.length === 0) return rotated;
        const wrapped = await Promise.all(
          rows.map(async (row) =>
            masterKeys.wrap(await masterKeys.unwrap(row.master_version, row.wrapped, row.key_id), row.key_id),
          ),
        );
        // A key that was erased in between stays erased: only rows that are still there are changed.
        await store.query(
          `update privacy_person_key k set wrapped = n.wrapped, master_version = $1
           from unnest($2::uuid[], $3::bytea[]) as n (key_id, wrapped) where k.key_id = n.key_id`,
          [masterKeys.currentVersion, rows.map((row) => row.key_id), wrapped],
        );
        rotated += rows.length;
      }
    },
    erase: (person, reason) =>
      store.transaction(async (transaction) => {
        await transaction.query("lock table privacy_erasure in exclusive mode");
        const [gone] = await transaction.query<{ key_id: string }>(
          "delete from privacy_person_key where person = $1 returning key_id",
          [person],
        );
        const last = await lastErasure(transaction);
        const salt = randomBytes(16).toString("hex");
        const record = {
          sequence: Number(last?.sequence ?? 0) + 1,
          person_salt: salt,
          person_digest: digestOf(salt, person),
          key_id: gone?.key_id ?? null,
          erased_at_ms: clock.now(),
          reason,
          previous_hash: last?.hash ?? chainStart,
        };
        const row: ErasureRow = { ...record, hash: hashOf(record) };
        await transaction.query(
          `insert into privacy_erasure
             (sequence, person_salt, person_digest, key_id, erased_at_ms, reason, previous_hash, hash)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            row.sequence,
            row.person_salt,
            row.person_digest,
            row.key_id,
            row.erased_at_ms,
            row.reason,
            row.previous_hash,
            row.hash,
          ],
        );
        return proofOf(row);
      }),
    async verifyErasures() {
      const rows = await store.query<ErasureRow>("select * from privacy_erasure order by sequence");
      let previous = chainStart;
      rows.forEach((row, index) => {
        const { hash, ...record } = row;
        if (Number(row.sequence) !== index + 1 || row.previous_hash !== previous || hashOf(record) !== hash) {
          throw broken(`record ${row.sequence} that does not follow the one before`);
        }
        previous = hash;
      });
      const [alive] = await store.query<{ count: number }>(
        "select count(*)::int as count from privacy_person_key where key_id in (select key_id from privacy_erasure)",
      );
      if (alive && alive.count > 0) throw broken(`${alive.count} keys that are there again`);
      return rows.length;
    },
    async erasuresOf(person) {
      const rows = await store.query<ErasureRow>("select * from privacy_erasure order by sequence desc");
      return rows.filter((row) => digestOf(row.person_salt, person) === row.person_digest).map(proofOf);
    },
  };
}

function broken(got: string): DeepwrightError {
  return new DeepwrightError({
    code: "ERASURE_CHAIN_BROKEN",
    kind: "conflict",
    expected: "a chain of erasures as it was written, and none of the keys",
    got,
    todo: "Compare the table with a backup; somebody changed it or restored keys.",
  });
}
