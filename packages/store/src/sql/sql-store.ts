import { migrate } from "../migrations/migrate.js";
import type { Store } from "../store.js";
import type { Driver } from "./driver.js";
import { sqlExecutor } from "./sql-executor.js";

/** A store on a driver. */
export function sqlStore(driver: Driver): Store {
  const executor = sqlExecutor((statements, shape) => driver.execute(statements, shape));
  return {
    kind: driver.kind,
    uri: driver.uri,
    query: executor.query,
    batch: executor.batch,
    insertColumns: executor.insertColumns,
    get db() {
      return executor.db;
    },
    async transaction(work) {
      const transaction = await driver.begin();
      try {
        const result = await work(sqlExecutor((statements, shape) => transaction.execute(statements, shape)));
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
    },
    async notify(channel, payload) {
      await executor.query("select pg_notify($1, $2)", [channel, payload]);
    },
    listen: (channel, callback) => driver.listen(channel, callback),
    migrate: (migrations) => migrate(driver, migrations),
    close: () => driver.close(),
  };
}
