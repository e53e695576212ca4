import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema, printSchema } from "graphql";

/** The schema's text without comments and in one format, so that only what it says is compared. */
export const normalized = (text) => printSchema(buildSchema(text));

/**
 * What changes for clients between two versions of a schema.
 *
 * @param {string} before
 * @param {string} after
 * @returns {Promise<{ message: string, level: string, breaks: boolean }[]>} `breaks`: a query that was right may fail
 */
export async function schemaChanges(before, after) {
  const changes = await diff(buildSchema(before), buildSchema(after));
  return changes.map(({ message, criticality: { level } }) => ({
    message,
    level,
    breaks: level === CriticalityLevel.Breaking,
  }));
}
