import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "@deepwright/store";
import { findPostgres, startPostgres } from "@deepwright/tooling/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PrivacyEvent } from "./accounting/event.js";
import { openBudgetLedger } from "./budget/ledger.js";
import { parseMasterKeys } from "./encryption/master-keys.js";
import { openPersonVault, type PersonCipher } from "./encryption/person-vault.js";

const half: PrivacyEvent = { kind: "discrete-laplace", scale: 2, sensitivity: 1 };
const masterKey = (version: string, byte: number): string => `${version}:${Buffer.alloc(32, byte).toString("base64")}`;

const databases = [
  { name: "PGlite", available: true },
  {
    name: findPostgres() === null ? "Postgres (skipped: no server is installed)" : "Postgres",
    available: findPostgres() !== null,
  },
];

describe.each(databases)("on $name", ({ name, available }) => {
  let store: Store;
  const undo: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    if (!available) return;
    let uri: string;
    if (name === "PGlite") {
      const folder = await mkdtemp(join(tmpdir(), "deepwright-privacy-"));
      undo.push(() => rm(folder, { recursive: true, force: true }));
      uri = `file:${folder}/store`;
    } else {
      const server = await startPostgres();
      undo.push(() => server.stop());
      uri = server.uri;
    }
    const opened = await openStore(uri);
    if (opened.kind === "http") throw new Error("not a database");
    store = opened;
    undo.unshift(() => opened.close());
  }, 180_000);
  afterAll(async () => {
    for (const each of undo) await each();
  });

  describe.skipIf(!available)("a budget", () => {
    it("is charged before a release, and refuses what it can't bear without charging it", async () => {
      const ledger = await openBudgetLedger(store);
      await ledger.declare({ name: "small", epsilon: 1.1, delta: 1e-9 });
      const charge = { budget: "small", event: half, purpose: "count", chargedBy: "ann" };
      expect((await ledger.charge(charge)).epsilonAfter).toBeCloseTo(0.5, 2);
      expect((await ledger.charge(charge)).epsilonAfter).toBeCloseTo(1, 2);
      expect(await ledger.preview("small", half)).toMatchObject({ allowed: false });
      await expect(ledger.charge(charge)).rejects.toThrow("at most epsilon 1.1");
      expect(await ledger.state("small")).toMatchObject({ charges: 2 });
      expect((await ledger.charges("small")).map(({ chargedBy, purpose }) => [chargedBy, purpose])).toEqual([
        ["ann", "count"],
        ["ann", "count"],
      ]);
    });

    it("is not overspent by concurrent charges of two ledgers", async () => {
      const ledgers = [await openBudgetLedger(store), await openBudgetLedger(store)];
      await ledgers[0]?.declare({ name: "shared", epsilon: 2.6, delta: 1e-9 });
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_, k) =>
          ledgers[k % 2]?.charge({ budget: "shared", event: half, purpose: `query ${k}`, chargedBy: "bob" }),
        ),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
      const state = await ledgers[1]?.state("shared");
      expect(state).toMatchObject({ charges: 5 });
      expect(state?.spentEpsilon).toBeLessThanOrEqual(2.6);
    }, 60_000);

    it("can't be raised afterwards, and must exist", async () => {
      const ledger = await openBudgetLedger(store);
      await ledger.declare({ name: "fixed", epsilon: 1, delta: 1e-6 });
      await expect(ledger.declare({ name: "fixed", epsilon: 2, delta: 1e-6 })).rejects.toThrow("never raised");
      await expect(ledger.state("nobody's")).rejects.toThrow("the name of a declared budget");
      await expect(ledger.declare({ name: "x", epsilon: 0, delta: 1e-6 })).rejects.toThrow("epsilon to be");
    });

    it("charges nothing for an event that can't be judged", async () => {
      const ledger = await openBudgetLedger(store);
      await ledger.declare({ name: "strict", epsilon: 9, delta: 1e-6 });
      const event: PrivacyEvent = { kind: "fixed-batch", batchSize: 1, sourceSize: 9, event: half };
      const charge = ledger.charge({ budget: "strict", event, purpose: "x", chargedBy: "x" });
      await expect(charge).rejects.toMatchObject({ code: "UNSUPPORTED_EVENT" });
      expect(await ledger.state("strict")).toMatchObject({ charges: 0, spentEpsilon: 0 });
    });
  });

  describe.skipIf(!available)("a vault", () => {
    const cipherOf = async (promise: Promise<ReadonlyMap<string, PersonCipher>>, person: string) =>
      (await promise).get(person) as PersonCipher;

    it("opens what it sealed, also from another process's keys, and for that person and field only", async () => {
      const keys = parseMasterKeys(masterKey("v1", 1), "test");
      const [vault, other] = [await openPersonVault(store, keys), await openPersonVault(store, keys)];
      const ann = await cipherOf(vault.ciphers(["ann", "ben", "ann"]), "ann");
      const sealed = ann.seal("city", "Zürich\n🏙");
      expect(Buffer.from(sealed).toString("latin1")).not.toContain("rich");
      expect(ann.seal("city", "Zürich\n🏙")).not.toEqual(sealed);
      expect((await cipherOf(other.readers(["ann"]), "ann")).open("city", sealed)).toBe("Zürich\n🏙");
      expect(() => ann.open("age", sealed)).toThrow("its own key and field");
      const ben = await cipherOf(vault.readers(["ben"]), "ben");
      expect(() => ben.open("city", sealed)).toThrow("its own key and field");
      for (let k = 0; k < sealed.length; k++) {
        const changed = Uint8Array.from(sealed);
        changed[k] = (changed[k] as number) ^ 1;
        expect(() => ann.open("city", changed)).toThrow("a ciphertext as it was sealed");
      }
    });

    it("rotates the master key without touching what is sealed", async () => {
      const before = await openPersonVault(store, parseMasterKeys(masterKey("v1", 1), "test"));
      const sealed = (await cipherOf(before.ciphers(["cat"]), "cat")).seal("age", "41");
      const bothKeys = parseMasterKeys(`${masterKey("v2", 2)},${masterKey("v1", 1)}`, "test");
      const during = await openPersonVault(store, bothKeys);
      expect(await during.rotate({ batchSize: 1 })).toBeGreaterThanOrEqual(1);
      expect(await during.rotate()).toBe(0);
      const after = await openPersonVault(store, parseMasterKeys(masterKey("v2", 2), "test"));
      expect((await cipherOf(after.readers(["cat"]), "cat")).open("age", sealed)).toBe("41");
      await expect(before.readers(["cat"])).rejects.toMatchObject({ code: "MASTER_KEY_MISSING" });
    });

    it("erases a person for good, and proves it", async () => {
      const vault = await openPersonVault(store, parseMasterKeys(masterKey("v2", 2), "test"));
      const sealed = (await cipherOf(vault.ciphers(["dan", "eve"]), "dan")).seal("age", "30");
      const proof = await vault.erase("dan", "request of 2026-01-02");
      expect(proof.keyId).not.toBeNull();
      expect((await vault.readers(["dan"])).size).toBe(0);
      expect((await vault.erase("nobody", "request")).keyId).toBeNull();
      expect(await vault.verifyErasures()).toBe(2);
      expect(await vault.erasuresOf("dan")).toEqual([proof]);
      expect(await vault.erasuresOf("eve")).toEqual([]);
      // Who comes back gets another key, which opens nothing of before.
      const again = await cipherOf(vault.ciphers(["dan"]), "dan");
      expect(() => again.open("age", sealed)).toThrow("its own key and field");
      await store.query("update privacy_erasure set reason = 'other' where sequence = 1");
      await expect(vault.verifyErasures()).rejects.toMatchObject({ code: "ERASURE_CHAIN_BROKEN" });
    });
  });
});
