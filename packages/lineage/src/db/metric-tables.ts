import {
  bigint,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea } from "./bytea.js";

/** The summary of one metric of one run, kept in the same statement as its points. */
export const metricTable = pgTable(
  "lineage_metric",
  {
    seriesId: bigint("series_id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    runId: uuid("run_id").notNull(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    pointCount: bigint("point_count", { mode: "number" }).notNull(),
    nanCount: bigint("nan_count", { mode: "number" }).notNull(),
    lastValue: doublePrecision("last_value").notNull(),
    lastStep: bigint("last_step", { mode: "number" }).notNull(),
    /** NaN while all values are NaN; so are the maximum and the mean. */
    minValue: doublePrecision("min_value").notNull(),
    minStep: bigint("min_step", { mode: "number" }).notNull(),
    maxValue: doublePrecision("max_value").notNull(),
    maxStep: bigint("max_step", { mode: "number" }).notNull(),
    /** Sum of the values that are not NaN. */
    valueSum: doublePrecision("value_sum").notNull(),
    meanValue: doublePrecision("mean_value").notNull(),
  },
  (table) => [
    uniqueIndex("lineage_metric_run_name").on(table.runId, table.name),
    index("lineage_metric_last").on(table.projectId, table.name, table.lastValue, table.runId),
    index("lineage_metric_min").on(table.projectId, table.name, table.minValue, table.runId),
    index("lineage_metric_max").on(table.projectId, table.name, table.maxValue, table.runId),
    index("lineage_metric_mean").on(table.projectId, table.name, table.meanValue, table.runId),
  ],
);

/** Packed points: `points` holds one or several frames of `encodePoints`, in the order of logging by `sequence`. */
export const metricChunkTable = pgTable(
  "lineage_metric_chunk",
  {
    seriesId: bigint("series_id", { mode: "number" }).notNull(),
    sequence: bigint("sequence", { mode: "number" }).notNull().generatedByDefaultAsIdentity(),
    pointCount: integer("point_count").notNull(),
    points: bytea("points").notNull(),
  },
  (table) => [primaryKey({ columns: [table.seriesId, table.sequence] })],
);
