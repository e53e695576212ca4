import { newId, type RunId } from "@deepwright/core";
import { attachProof, explainRegression, openLineage, type ProofReport, recordVerdict } from "@deepwright/lineage";
import { toGlobalId } from "@deepwright/lineage/graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, seedRun, startTestGateway, type TestGateway } from "./testing/test-gateway.js";

const start = Date.UTC(2026, 0, 1);
for (const database of databases) {
  describe.skipIf(!database.available)(`a gateway on ${database.name}`, () => {
    let gateway: TestGateway;
    let good: RunId;
    let bad: RunId;
    const seeded: RunId[] = [];

    beforeAll(async () => {
      gateway = await startTestGateway({}, database.make);
      for (let index = 0; index < 12; index++) {
        const before = seeded.at(-1);
        seeded.push(
          await seedRun(gateway, {
            name: `run ${index}`,
            startedAtMs: start + index * 60_000,
            configuration: { "api/shuffle": index === 11, "api/rate": 0.1 },
            mae: [90 - index, index === 11 ? 140 : 80 - index * 0.01],
            ...(before ? { parentRunId: before } : {}),
          }),
        );
      }
      good = seeded[10] as RunId;
      bad = seeded[11] as RunId;
    });
    afterAll(() => gateway.end());

    describe("runs", () => {
      it("shows a run with its metrics, components and project", async () => {
        const { data } = await gateway.graphql(
          `query Q($id: ID!) { run(id: $id) {
        id uuid name status duration startedAt objective { metric direction } objectiveValue projectName
        metrics { name count last min minStep history { steps times values totalCount } }
        component(name: CONFIGURATION) { hash entries { path value } } components { name hash }
        parent { name } project { name runCount } tags { key value } location { host } } }`,
          { id: good },
        );
        expect(data.run).toMatchObject({
          id: toGlobalId("Run", good),
          uuid: good,
          status: "FINISHED",
          duration: 5000,
          startedAt: "2026-01-01T00:10:00.000Z",
          objective: { metric: "mae", direction: "MINIMIZE" },
          objectiveValue: 79.9,
          parent: { name: "run 9" },
          project: { name: "est", runCount: 12 },
          metrics: [
            {
              name: "mae",
              count: 2,
              last: 79.9,
              min: 79.9,
              minStep: 1,
              history: { steps: [0, 1], values: [80, 79.9], totalCount: 2 },
            },
          ],
        });
        expect(data.run.component.entries).toEqual([
          { path: "api/rate", value: 0.1 },
          { path: "api/shuffle", value: false },
        ]);
        expect(data.run.components).toHaveLength(6);
      });

      it("finds entities by global id, and nothing for others", async () => {
        const unknown = newId();
        const { data } = await gateway.graphql(
          "query Q($ids: [ID!]!, $x: ID!) { nodes(ids: $ids) { __typename id ...on Run { name } } run(id: $x) { id } }",
          { ids: [toGlobalId("Run", bad), toGlobalId("Run", unknown)], x: unknown },
        );
        expect(data).toEqual({
          nodes: [{ __typename: "Run", id: toGlobalId("Run", bad), name: "run 11" }, null],
          run: null,
        });
      });

      it("pages through all runs once, by keyset, while runs are added", async () => {
        const query = `query Q($after: String) { runs(project: "est", first: 5, after: $after, orderBy: {direction: ASCENDING}) {
      edges { cursor node { name } } pageInfo { hasNextPage endCursor } totalCount } }`;
        const names: string[] = [];
        let after: string | null = null;
        for (let page = 0; page < 10; page++) {
          const {
            data,
          }: {
            data: {
              runs: { edges: { node: { name: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
            };
          } = await gateway.graphql(query, { after });
          names.push(...data.runs.edges.map((edge) => edge.node.name));
          if (!data.runs.pageInfo.hasNextPage) break;
          after = data.runs.pageInfo.endCursor;
          if (page === 0) await seedRun(gateway, { name: "older", startedAtMs: start - 1, project: "est" });
        }
        expect(names).toEqual(seeded.map((_, index) => `run ${index}`));
      });

      it("filters and orders by metric and configuration", async () => {
        const { data } = await gateway.graphql(
          `query Q($filter: RunFilter) { runs(filter: $filter, orderBy: {metric: "mae", direction: ASCENDING}, first: 3) {
        nodes { name objectiveValue } totalCount } }`,
          {
            filter: {
              component: { component: "CONFIGURATION", path: "api/shuffle", comparison: "EQUAL", value: false },
              metric: { name: "mae", comparison: "LESS", value: 79.95 },
            },
          },
        );
        expect(data.runs.nodes.map((run: { name: string }) => run.name)).toEqual(["run 10", "run 9", "run 8"]);
        expect(data.runs.totalCount).toBe(5);
      });

      it("shows NaN and infinities", async () => {
        const id = await seedRun(gateway, {
          project: "odd",
          name: "nan",
          startedAtMs: start,
          mae: [Number.NaN, Number.POSITIVE_INFINITY, -0],
          configuration: { "api/limit": Number.NaN, "api/text": "NaN" },
        });
        const { data } = await gateway.graphql(
          "query Q($id: ID!) { run(id: $id) { metrics { last history { values } } component(name: CONFIGURATION) { entries { value } } } }",
          { id },
        );
        expect(data.run.metrics[0].history.values).toEqual(["NaN", "Infinity", "-0"]);
        expect(data.run.component.entries).toEqual([{ value: { $number: "NaN" } }, { value: "NaN" }]);
      });
    });

    describe("changes", () => {
      it("set tags, notes and the archive, and are seen by the next read", async () => {
        const { data } = await gateway.graphql(
          `mutation M($id: ID!) {
        setRunTags(input: {runId: $id, set: [{key: "owner", value: "ada"}]}) { run { tags { key value } } userErrors { code } }
        setRunNote(input: {runId: $id, note: "good"}) { run { note } userErrors { code } }
        archiveRun(input: {runId: $id}) { run { archived } userErrors { code } } }`,
          { id: seeded[0] },
        );
        expect(data.setRunTags).toEqual({ run: { tags: [{ key: "owner", value: "ada" }] }, userErrors: [] });
        expect(data.setRunNote.run.note).toBe("good");
        const count = async (includeArchived: boolean) =>
          (await gateway.graphql(`{ runs(project: "est", includeArchived: ${includeArchived}) { totalCount } }`)).data
            .runs.totalCount;
        expect((await count(true)) - (await count(false))).toBe(1);
        await gateway.graphql(
          "mutation M($id: ID!) { archiveRun(input: {runId: $id, archived: false}) { userErrors { code } } }",
          {
            id: seeded[0],
          },
        );
        expect(await count(true)).toBe(await count(false));
      });

      it("answer an expected failure in the payload", async () => {
        const { data, errors } = await gateway.graphql(
          'mutation M($id: ID!) { setRunNote(input: {runId: $id, note: "x"}) { run { id } userErrors { code expected got todo } } }',
          { id: newId() },
        );
        expect(errors).toBeUndefined();
        expect(data.setRunNote.run).toBeNull();
        expect(data.setRunNote.userErrors[0].code).toBe("RUN_NOT_FOUND");
      });

      it("build the graph: feature, model, gate, alias, deployment, consumer, impact", async () => {
        const { data } = await gateway.graphql(
          `mutation M($id: ID!) {
        declareFeature(input: {project: "est", name: "index", owner: "ada", source: {dataset: "sales", column: "index"}}) {
          feature { name status } userErrors { code } }
        declareModel(input: {project: "est", name: "price", gates: [{name: "good", metric: "mae", comparison: LESS, value: 100}]}) {
          model { name gates { comparison value } } userErrors { code } }
        registerModelVersion(input: {project: "est", model: "price", runId: $id, features: ["index", "rooms"]}) {
          modelVersion { id version run { name } gateResults { passed actual } } userErrors { code } }
        setModelAlias(input: {project: "est", model: "price", alias: "production", version: 1}) {
          model { aliases { name version } } userErrors { code } } }`,
          { id: good },
        );
        expect(data.declareFeature).toEqual({ feature: { name: "index", status: "ACTIVE" }, userErrors: [] });
        expect(data.registerModelVersion.modelVersion).toMatchObject({
          version: 1,
          run: { name: "run 10" },
          gateResults: [{ passed: true, actual: 79.9 }],
        });
        expect(data.setModelAlias.model.aliases).toEqual([{ name: "production", version: 1 }]);
        const version = data.registerModelVersion.modelVersion.id;
        const more = await gateway.graphql(
          `mutation M($version: ID!, $bad: ID!) {
        deployModelVersion(input: {modelVersionId: $version, environment: "production"}) { deployment { active } userErrors { code } }
        declareConsumer(input: {project: "est", name: "bank", owner: "bob", consumes: [$version]}) { consumer { name } userErrors { code } }
        registerModelVersion(input: {project: "est", model: "price", runId: $bad}) { modelVersion { version } userErrors { code } }
        setModelAlias(input: {project: "est", model: "price", alias: "production", version: 2}) { model { name } userErrors { code } } }`,
          { version, bad },
        );
        expect(more.data.declareConsumer.consumer.name).toBe("bank");
        expect(more.data.setModelAlias).toMatchObject({ model: null, userErrors: [{ code: "GATE_FAILED" }] });
        const { data: seen } = await gateway.graphql(
          `query Q($id: ID!) { impact(id: $id) { sentence modelVersions { name kind } consumers { name } }
        lineage(id: $id, direction: DOWNSTREAM) { nodes { id kind depth } edges { from to relation } truncated }
        project(name: "est") { features { totalCount nodes { name declared usedBy { model version } } } featureReport { undeclared { name } }
          models { nodes { versions { version run { name } } } } deployments { nodes { environment modelVersion { version } } }
          consumers { nodes { name } } cycles { sentence } readiness { score points { state } } configurationDebt { kind paths } } }`,
          { id: toGlobalId("Run", good) },
        );
        expect(seen.impact.modelVersions).toEqual([{ name: "price 1", kind: "MODEL_VERSION" }]);
        expect(seen.impact.consumers).toEqual([{ name: "bank" }]);
        expect(seen.lineage.edges.length).toBeGreaterThan(0);
        expect(seen.project.featureReport.undeclared).toEqual([{ name: "rooms" }]);
        expect(seen.project.deployments.nodes[0].modelVersion.version).toBe(1);
        expect(seen.project.readiness.points).toHaveLength(28);
      });
    });

    describe("regressions", () => {
      it("compares two runs", async () => {
        const { data } = await gateway.graphql(
          `query Q($before: ID!, $after: ID!) { compareRuns(before: $before, after: $after) {
        before { name } differences { title kind before after inBefore } equalCount } }`,
          { before: good, after: bad },
        );
        expect(data.compareRuns.differences).toMatchObject([
          { kind: "CONFIGURATION", before: false, after: true, inBefore: true },
        ]);
        expect(data.compareRuns.equalCount).toBe(1);
      });

      it("names the flag that made it worse", async () => {
        const { data, errors } = await gateway.graphql(
          `query Q($id: ID!) { explainRegression(runId: $id) { userErrors { code message }
        report { sentence baseline { name } worse { worse loss } causes { score difference { path } evidence { kind sentence } } proof { verdict } } } }`,
          { id: bad },
        );
        expect(errors).toBeUndefined();
        expect(data.explainRegression.userErrors).toEqual([]);
        expect(data.explainRegression.report.causes[0].difference.path).toBe("api/shuffle");
        expect(data.explainRegression.report.worse.loss).toBeGreaterThan(50);
      });

      it("says why there can be no explanation", async () => {
        const alone = await seedRun(gateway, { project: "alone", name: "one", startedAtMs: start, mae: [1] });
        const { data } = await gateway.graphql(
          "query Q($id: ID!) { explainRegression(runId: $id) { report { sentence } userErrors { code todo } } }",
          { id: alone },
        );
        expect(data.explainRegression.report).toBeNull();
        expect(data.explainRegression.userErrors[0].code).toBe("NO_BASELINE");
      });
    });

    describe("the number of statements", () => {
      const nested = (
        first: number,
      ) => `{ runs(project: "est", first: ${first}) { nodes { name parent { name parent { name } } facts { kind }
    metrics { history { values } } component(name: CONFIGURATION) { entries { path } } project { name } } } }`;

      it("does not grow with the number of runs", async () => {
        const statements = async (first: number) => {
          gateway.takeQueries();
          const { data } = await gateway.graphql(nested(first));
          expect(data.runs.nodes).toHaveLength(first);
          return gateway.takeQueries().length;
        };
        const few = await statements(2);
        expect(few).toBeGreaterThan(3);
        expect(await statements(11)).toBeLessThanOrEqual(few);
      });

      it("is none for a list that was read before, until something is written", async () => {
        const list = "{ runs(first: 7) { nodes { name } } }";
        await gateway.graphql(list);
        gateway.takeQueries();
        await gateway.graphql(list);
        expect(gateway.takeQueries()).toEqual([]);
        await seedRun(gateway, { project: "new", name: "newest", startedAtMs: start + 1e9 });
        const { data } = await gateway.graphql(list);
        expect(data.runs.nodes[0].name).toBe("newest");
      });
    });

    describe("the pages", () => {
      it("show runs, and a run with why, and escape", async () => {
        const name = "<script>alert(1)</script>";
        const id = await seedRun(gateway, { project: "page", name, startedAtMs: start + 2e9, mae: [3] });
        for (const path of ["/", `/runs/${id}`, `/runs/${bad}`]) {
          const response = await fetch(gateway.url + path);
          const text = await response.text();
          expect(response.status).toBe(200);
          expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
          expect(text).not.toContain("<script");
        }
        const page = await (await fetch(`${gateway.url}/runs/${bad}`)).text();
        expect(page).toContain("shuffle");
      });

      it("show the stored verdict and its proof, first and in words", async () => {
        const remote = await openLineage(gateway.url);
        const report = await explainRegression(remote.runs, { runId: bad, vs: good, store: false });
        const cause = report.causes[0]?.difference;
        const proof: ProofReport = {
          verdict: "proven",
          causes: cause ? [cause] : [],
          restored: { estimate: 1, low: 0.9, high: 1.1 },
          errorRate: 0.05,
          runsUsed: 7,
          differenceCount: report.causes.length,
          notRevertible: [],
          steps: [],
          sentence: "The shuffle flag <alone> is the cause.",
        };
        await recordVerdict(remote.runs, attachProof(report, proof));
        await remote.close();
        for (const path of ["/", `/runs/${bad}`]) {
          const text = await (await fetch(gateway.url + path)).text();
          expect(text).toContain("The shuffle flag &lt;alone&gt; is the cause.");
          expect(text).toContain("7 re-runs; a wrong answer has at most 5 % probability.");
        }
        const { data } = await gateway.graphql(
          `query Q($id: ID!, $vs: ID!) { explainRegression(runId: $id, baselineId: $vs) { report { sentence
            proof { verdict runsUsed errorRate restored { estimate low high } causes { path } steps { decision } } } } }`,
          { id: bad, vs: good },
        );
        expect(data.explainRegression.report).toEqual({
          sentence: proof.sentence,
          proof: {
            verdict: "PROVEN",
            runsUsed: 7,
            errorRate: 0.05,
            restored: { estimate: 1, low: 0.9, high: 1.1 },
            causes: [{ path: "api/shuffle" }],
            steps: [],
          },
        });
      });

      it("answer an unknown run with a sentence", async () => {
        const response = await fetch(`${gateway.url}/runs/${newId()}`);
        expect(response.status).toBe(404);
        expect(await response.text()).toContain("Expected");
      });
    });

    it("met no defect on the way", () => {
      expect(gateway.defects).toEqual([]);
    });
  });
}
