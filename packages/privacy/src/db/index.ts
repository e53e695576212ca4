export { privacyMigrations } from "./migrations/index.js";
export * from "./tables.js";
