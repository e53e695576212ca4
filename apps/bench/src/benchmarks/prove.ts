import { join } from "node:path";
import { proveSeedOnlyPairs, runEst } from "@deepwright/case-studies";
import type { Benchmark, Row } from "../benchmark.js";
import { formatFigure } from "../measure/statistics.js";

/** Re-runs that prove the regression of the valuation project, and causes named where only the seeds differ. */
export const proveBenchmark: Benchmark = {
  name: "prove",
  async run(context) {
    const rows: Row[] = [];
    for (const form of ["easy", "hard"] as const) {
      context.say(`proving est, ${form}`);
      const { proof, ranking, data, phasesMs } = await runEst({
        store: `file:${join(context.folder, form)}`,
        form,
        small: context.quick,
      });
      const differences = ranking.causes.length;
      const seconds = Object.values(phasesMs).reduce((sum, phase) => sum + phase, 0) / 1000;
      rows.push({
        what: `\`why --prove\` on est, ${form} form, ${data.isGenerated ? "generated" : "published"} sales`,
        asked: "proven, <= 20 re-runs of 25+ differences",
        measured: `${proof.verdict}, ${proof.runsUsed} re-runs of ${differences} ranked differences, ${formatFigure(seconds)} s in all`,
        beside: proof.causes.map(({ title }) => title).join("; "),
        reached: proof.verdict === "proven" && proof.runsUsed <= 20,
      });
    }
    const pairs = context.quick ? 3 : 100;
    for (const between of ["nothing", "refactoring"] as const) {
      let done = 0;
      const proofs = await proveSeedOnlyPairs({
        store: `file:${join(context.folder, between)}`,
        pairs,
        between,
        small: true,
        onPair: () => {
          done += 1;
          if (done % 10 === 0) context.say(`${done} of ${pairs} pairs with ${between} between`);
        },
      });
      const falseCauses = proofs.filter((proof) => proof.falseCauses.length > 0).length;
      const calledWorse = proofs.filter((proof) => proof.calledWorse).length;
      rows.push({
        what: `${pairs} pairs of runs that differ by their seed${between === "nothing" ? "" : " and a refactoring that changes nothing"}: false causes`,
        asked: `<= ${pairs / 20}`,
        measured: `${falseCauses}`,
        beside: `${calledWorse} called worse by the ranking alone`,
        reached: falseCauses <= pairs / 20,
      });
    }
    return rows;
  },
};
