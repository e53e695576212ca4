export { lineageMigrations } from "./migrations/index.js";
export * from "./tables.js";
