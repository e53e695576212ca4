export { maintainStore } from "./maintenance/maintain-store.js";
export { openSqlStore, openStore } from "./open-store.js";
export { insertStatements } from "./sql/insert-statement.js";
export { quoteIdentifier } from "./sql/quote-identifier.js";
export type {
  BatchParameter,
  BatchStatement,
  InsertColumn,
  InsertOptions,
  Migration,
  OpenStoreOptions,
  PackageMigrations,
  RemoteStore,
  SqlExecutor,
  SqlValue,
  Store,
  WireValue,
} from "./store.js";
