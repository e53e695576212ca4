import { expect, it } from "vitest";
import type { SqlExecutor, Store } from "../store.js";

const ids = async (executor: SqlExecutor): Promise<number[]> =>
  (await executor.query<{ id: number }>("select id from account order by id")).map(({ id }) => id);

/** A transaction is kept whole or not at all, whoever else is at work. */
export function transactionsAreWhole(store: () => Store): void {
  it("commits what resolves, with its value, and rolls back what throws", async () => {
    await store().query("create table account (id int primary key, amount int not null default 0)");
    const kept = await store().transaction(async (transaction) => {
      await transaction.query("insert into account values (1)");
      expect(await ids(transaction)).toEqual([1]);
      return "kept";
    });
    expect(kept).toBe("kept");
    const thrown = new Error("mine");
    await expect(
      store().transaction(async (transaction) => {
        await transaction.insertColumns("account", { id: { type: "int4", values: [2, 3] } });
        throw thrown;
      }),
    ).rejects.toBe(thrown);
    expect(await ids(store())).toEqual([1]);
  });

  it("does not commit after a failed statement, even one whose error was caught", async () => {
    const swallowed = store().transaction(async (transaction) => {
      await transaction.query("insert into account values (4)");
      await transaction.query("insert into account values (1)").catch(() => undefined);
      await expect(transaction.query("select 1")).rejects.toMatchObject({ code: "TRANSACTION_ABORTED" });
    });
    await expect(swallowed).rejects.toMatchObject({ code: "TRANSACTION_ABORTED" });
    expect(await ids(store())).toEqual([1]);
  });

  it("goes on after a savepoint that was rolled back to", async () => {
    await store().transaction(async (transaction) => {
      await transaction.query("savepoint before");
      await expect(transaction.query("insert into account values (1)")).rejects.toMatchObject({
        code: "UNIQUE_VIOLATION",
      });
      await transaction.query("rollback to savepoint before");
      await transaction.query("insert into account values (5)");
    });
    expect(await ids(store())).toEqual([1, 5]);
  });

  it("gives the same sum to many that add at once", async () => {
    const add = () =>
      store().transaction(async (transaction) => {
        const [row] = await transaction.query<{ amount: number }>("select amount from account where id = 1 for update");
        await transaction.query("update account set amount = $1 where id = 1", [(row?.amount ?? 0) + 1]);
      });
    await Promise.all(Array.from({ length: 25 }, add));
    expect(await store().query("select amount from account where id = 1")).toEqual([{ amount: 25 }]);
  });

  it("hides what is not committed from others", async () => {
    let outside: Promise<number[]> | undefined;
    await store().transaction(async (transaction) => {
      await transaction.query("delete from account where id = 5");
      outside = ids(store());
    });
    // One connection answers after the transaction, a pool during it; neither sees half of it.
    expect([[1], [1, 5]]).toContainEqual(await outside);
  });

  it("refuses statements after its end", async () => {
    let escaped: SqlExecutor | undefined;
    await store().transaction(async (transaction) => {
      escaped = transaction;
    });
    await expect(escaped?.query("insert into account values (9)")).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
    await expect(escaped?.batch([{ text: "select 1" }])).rejects.toMatchObject({ code: "TRANSACTION_ENDED" });
    expect(await ids(store())).toEqual([1]);
  });

  it("a batch is one unit, and an empty one is nothing", async () => {
    expect(await store().batch([])).toEqual([]);
    const statements = [6, 7, 1].map((id) => ({ text: "insert into account values ($1)", parameters: [id] }));
    await expect(store().batch(statements)).rejects.toMatchObject({ code: "UNIQUE_VIOLATION" });
    expect(await ids(store())).toEqual([1]);
  });

  it("notifies listeners when it commits, never when it rolls back", async () => {
    const heard: string[] = [];
    const stop = await store().listen("Odd channel", (payload) => heard.push(payload));
    const tell = (payload: string) => (transaction: SqlExecutor) =>
      transaction.query("select pg_notify('Odd channel', $1)", [payload]);
    await store().transaction(tell("first ü\n"));
    await expect(
      store().transaction(async (transaction) => {
        await tell("never")(transaction);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await store().notify("Odd channel", "");
    await expect.poll(() => heard).toEqual(["first ü\n", ""]);
    await stop();
    await store().notify("Odd channel", "after the end");
    await store().query("select 1");
    expect(heard).toEqual(["first ü\n", ""]);
  });
}
