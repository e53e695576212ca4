import { type Clock, componentNames, type RunId } from "@deepwright/core";
import type { Store } from "@deepwright/store";
import { compareTrees, readComponent, sqlNodeReader } from "../components/index.js";
import type { Run, RunService } from "../contract/index.js";
import type { Ingester } from "../ingest/index.js";
import { archiveRun, markLost, setNote, setTags } from "./edit-run.js";
import { runNotFound } from "./errors.js";
import { listFacts, recordFact } from "./facts.js";
import { readMetricHistory } from "./metric-history.js";
import { getRun, resolveRun } from "./read-run.js";
import { countRuns, searchRuns } from "./search-runs.js";

type Roots = Run["components"];

/** The runs of a database that has lineage's migrations. */
export function sqlRunService(store: Store, ingester: Ingester, clock: Clock): RunService {
  const reader = sqlNodeReader(store);
  return {
    ingest: (batch) => ingester.ingest(batch),
    getRun: ({ id }) => getRun(store, id),
    resolveRun: ({ reference, project }) => resolveRun(store, reference, project),
    searchRuns: (input) => searchRuns(store, input),
    countRuns: (input) => countRuns(store, input),
    metricHistory: ({ id, name, maxPoints }) => readMetricHistory(store, id, name, maxPoints),
    async component({ id, component, prefix }) {
      const [roots] = await readRoots(store, [id]);
      return readComponent(reader, roots?.[component] ?? null, prefix);
    },
    async compareComponents({ before, after }) {
      const [left, right] = await readRoots(store, [before, after]);
      return compareTrees(
        reader,
        componentNames.map((component) => ({
          component,
          before: left?.[component] ?? null,
          after: right?.[component] ?? null,
        })),
      );
    },
    async blob({ hash }) {
      const rows = await store.query<{ content: Uint8Array }>("select content from lineage_blob where hash = $1", [
        hash,
      ]);
      return rows[0] ? Buffer.from(rows[0].content).toString("base64") : null;
    },
    setTags: ({ id, tags }) => setTags(store, id, tags),
    setNote: ({ id, note }) => setNote(store, id, note),
    archiveRun: ({ id, archived }) => archiveRun(store, id, archived),
    markLost: ({ silentMs }) => markLost(store, clock.now(), silentMs),
    recordFact: (input) => recordFact(store, input, clock),
    facts: (input) => listFacts(store, input),
    projects: () =>
      store.query(
        `select p.id, p.name,
           count(r.id) filter (where r.purpose = 'user' and not r.archived)::int as "runCount",
           count(r.id) filter (where r.purpose = 'proof')::int as "proofRunCount"
         from lineage_project p left join lineage_run r on r.project_id = p.id group by p.id, p.name order by p.name`,
      ),
  };
}

/** Root hashes of the components of runs, in the order of the ids. @throws DeepwrightError `RUN_NOT_FOUND` */
async function readRoots(store: Store, ids: readonly RunId[]): Promise<Roots[]> {
  const rows = await store.query<{ id: RunId } & Record<string, string | null>>(
    `select id, ${componentNames.map((name) => `${name}_root as "${name}"`).join(", ")}
     from lineage_run where id = any($1::uuid[])`,
    [ids],
  );
  return ids.map((id) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) throw runNotFound(id);
    return row as unknown as Roots;
  });
}
