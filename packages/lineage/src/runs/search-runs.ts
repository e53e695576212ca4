import type { SqlExecutor } from "@deepwright/store";
import type { Page, Run, RunOrder, RunSearch } from "../contract/index.js";
import { compileFilter, findMeetingRoots, type MeetingRoots, metricColumn } from "../filter/compile-filter.js";
import { Parameters } from "../ingest/parameters.js";
import { type Place, readCursor, writeCursor } from "./cursor.js";
import { type RunRow, runColumns, toRuns } from "./run-row.js";

type Executor = Pick<SqlExecutor, "query">;
type Placed = RunRow & { readonly place_value: number | null };

/** One stretch of a list: where its rows come from and how they are ordered, all readable from one index. */
interface Stretch {
  /** `from` and `join` that bring `lineage_run r` in, for the project in `p.id`. */
  readonly source: string;
  readonly condition: (parameters: Parameters) => string;
  /** The ordering value; `null`: by id alone. */
  readonly value: string | null;
  readonly id: string;
  readonly direction: "asc" | "desc";
}

/**
 * One page of runs. Pages go by keyset: the next one begins behind the last row, whatever was added meanwhile.
 *
 * @throws DeepwrightError `INVALID_CURSOR`, `INVALID_FILTER`
 */
export async function searchRuns(executor: Executor, search: RunSearch): Promise<Page<Run>> {
  const first = search.first ?? 50;
  const stretches = stretchesOf(search.order ?? { by: "started", direction: "descending" });
  const after = search.after === undefined ? undefined : readCursor(search.after);
  const roots = await findMeetingRoots(executor, search.filter, search.project);
  const rows: { row: Placed; stretch: number }[] = [];
  for (let stretch = after?.stretch ?? 0; stretch < stretches.length && rows.length <= first; stretch++) {
    const start = after?.stretch === stretch ? after : undefined;
    const page = await readStretch(
      executor,
      search,
      roots,
      stretches[stretch] as Stretch,
      start,
      first + 1 - rows.length,
    );
    for (const row of page) rows.push({ row, stretch });
  }
  const kept = rows.slice(0, first);
  const cursors = kept.map(({ row, stretch }) => writeCursor({ stretch, value: row.place_value, id: row.id }));
  return {
    items: await toRuns(
      executor,
      kept.map(({ row }) => row),
    ),
    cursors,
    endCursor: cursors.at(-1) ?? null,
    hasNextPage: rows.length > first,
  };
}

export async function countRuns(
  executor: Executor,
  search: Omit<RunSearch, "first" | "after" | "order">,
): Promise<number> {
  const roots = await findMeetingRoots(executor, search.filter, search.project);
  const parameters = new Parameters();
  const rows = await executor.query<{ count: number }>(
    `select count(*)::int as count from lineage_run r join lineage_project p on p.id = r.project_id
     where ${projectCondition(search, parameters)} and ${runCondition(search, roots, parameters)}`,
    parameters.values,
  );
  return rows[0]?.count ?? 0;
}

/** Reads up to `limit` rows of a stretch, from each project through the index and then the best of all. */
async function readStretch(
  executor: Executor,
  search: RunSearch,
  roots: MeetingRoots,
  stretch: Stretch,
  after: Place | undefined,
  limit: number,
): Promise<Placed[]> {
  const parameters = new Parameters();
  const value = stretch.value ?? "null::float8";
  const keys = stretch.value === null ? [stretch.id] : [stretch.value, stretch.id];
  const order = (names: readonly string[]) => names.map((name) => `${name} ${stretch.direction}`).join(", ");
  const conditions = [stretch.condition(parameters), runCondition(search, roots, parameters)];
  if (after !== undefined) {
    const place = stretch.value === null ? [] : [`${parameters.add(after.value)}::float8`];
    place.push(`${parameters.add(after.id)}::uuid`);
    conditions.push(`(${keys.join(", ")}) ${stretch.direction === "asc" ? ">" : "<"} (${place.join(", ")})`);
  }
  return executor.query<Placed>(
    `select x.*, p.name as project from lineage_project p cross join lateral (
       select ${runColumns.replace("p.name as project, ", "")}, ${value} as place_value
       from ${stretch.source}
       where ${conditions.join(" and ")} order by ${order(keys)} limit ${parameters.add(limit)}::int
     ) x where ${projectCondition(search, parameters)}
     order by ${order(stretch.value === null ? ["x.id"] : ["x.place_value", "x.id"])} limit ${parameters.add(limit)}::int`,
    parameters.values,
  );
}

function projectCondition(search: Pick<RunSearch, "project">, parameters: Parameters): string {
  return search.project === undefined ? "true" : `p.name = ${parameters.add(search.project)}::text`;
}

function runCondition(search: Omit<RunSearch, "order">, roots: MeetingRoots, parameters: Parameters): string {
  const conditions = [`r.purpose = any(${parameters.add([...(search.purposes ?? ["user"])])}::text[])`];
  if (search.includeArchived !== true) conditions.push("not r.archived");
  if (search.filter !== undefined) conditions.push(compileFilter(search.filter, roots, parameters));
  return conditions.join(" and ");
}

function stretchesOf(order: RunOrder): readonly Stretch[] {
  const direction = order.direction === "ascending" ? "asc" : "desc";
  if (order.by === "started") {
    return [
      {
        source: "lineage_run r",
        condition: () => "r.project_id = p.id",
        value: "r.started_at_ms",
        id: "r.id",
        direction,
      },
    ];
  }
  const column = `m.${metricColumn(order.aggregate)}`;
  const named = (parameters: Parameters) => `m.project_id = p.id and m.name = ${parameters.add(order.metric)}::text`;
  const metricRows: Omit<Stretch, "condition" | "value"> = {
    source: "lineage_metric m join lineage_run r on r.id = m.run_id",
    id: "m.run_id",
    direction,
  };
  return [
    // Postgres puts NaN above infinity, so this is all but NaN, and a range of the index.
    {
      ...metricRows,
      condition: (parameters) => `${named(parameters)} and ${column} <= 'Infinity'`,
      value: column,
    },
    { ...metricRows, condition: (parameters) => `${named(parameters)} and ${column} = 'NaN'`, value: null },
    {
      source: "lineage_run r",
      condition: (parameters) =>
        `r.project_id = p.id and not exists (select 1 from lineage_metric m where m.run_id = r.id
           and m.name = ${parameters.add(order.metric)}::text)`,
      value: null,
      id: "r.id",
      direction: "desc",
    },
  ];
}
