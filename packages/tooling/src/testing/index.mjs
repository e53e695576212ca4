export { findPostgres } from "./find-postgres.mjs";
export { findSpark } from "./find-spark.mjs";
export { startPostgres } from "./start-postgres.mjs";
export { startSpark } from "./start-spark.mjs";
