import { setTimeout as sleep } from "node:timers/promises";
import { DeepwrightError, isDeepwrightError, type RunId, systemClock } from "@deepwright/core";
import type { Run, RunService } from "../contract/index.js";
import { deliverSpool } from "../recorder/deliver-spool.js";
import type { StoreLocation } from "../recorder/store-location.js";

const pollMs = 50;
const patienceMs = 120_000;

/** Re-runs that end at the same time share one delivery at a time: a second one would find the spool taken. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Delivers the spool until the store has the end of a run.
 *
 * @throws DeepwrightError `RUN_NOT_DELIVERED` when it does not come within two minutes
 */
export async function finishedRun(service: RunService, location: StoreLocation, id: RunId): Promise<Run> {
  const deadline = systemClock.monotonic() + patienceMs;
  for (;;) {
    const delivery = turn.then(() => deliverSpool(location, service));
    turn = delivery.catch(() => undefined);
    await delivery;
    const run = await readRun(service, id);
    if (run !== undefined && run.status !== "running") return run;
    if (systemClock.monotonic() > deadline) throw notDelivered(id);
    await sleep(pollMs);
  }
}

async function readRun(service: RunService, id: RunId): Promise<Run | undefined> {
  try {
    return await service.getRun({ id });
  } catch (error) {
    if (isDeepwrightError(error) && error.code === "RUN_NOT_FOUND") return undefined;
    throw error;
  }
}

function notDelivered(id: RunId): DeepwrightError {
  return new DeepwrightError({
    code: "RUN_NOT_DELIVERED",
    kind: "unavailable",
    expected: `the store to take the re-run ${id}`,
    got: "nothing of it for two minutes",
    todo: "Check the store; the proof goes on from there when it is asked for again.",
  });
}
