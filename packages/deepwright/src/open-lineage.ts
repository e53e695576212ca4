import { type DeepwrightError, isDeepwrightError } from "@deepwright/core";
import type { RunService } from "@deepwright/lineage";
import type { StoreLocation } from "@deepwright/lineage/recorder";
import type { CliContext } from "./context.js";

/** What commands use of an open lineage store. */
export type Lineage = Awaited<ReturnType<typeof import("@deepwright/lineage").openLineage>>;

const silentMs = 60_000;

/** Every further call would fail in the same way. */
const silentGateway: ReadonlySet<string> = new Set(["SERVER_UNAVAILABLE", "UNAUTHENTICATED"]);

/** Opens the store and brings into it what lies in the spool, so that a command shows what was recorded a moment ago. */
export async function openLineageFor(location: StoreLocation, cli: CliContext): Promise<Lineage> {
  const [{ openLineage }, { deliverSpool }, { refusedRemark, withRemainder }] = await Promise.all([
    import("@deepwright/lineage"),
    import("@deepwright/lineage/recorder"),
    import("./delivery-state.js"),
  ]);
  const lineage = await openLineage(location);
  try {
    const { refusedSources } = await deliverSpool(location, lineage.runs, { signal: cli.signal });
    if (refusedSources > 0) cli.note(`deepwright: ${refusedRemark(location, refusedSources)}`);
    await markLost(lineage.runs);
  } catch (error) {
    // Who opens a gateway learns by the first call that it is away or lets nobody in.
    if (!isDeepwrightError(error) || silentGateway.has(error.code)) {
      await lineage.close();
      throw isDeepwrightError(error) ? withRemainder(error as DeepwrightError, location) : error;
    }
    // The store answers as it is; what waits in the spool comes later.
    cli.note(`deepwright: part of the spool is not delivered yet: ${error.message}`);
  }
  return lineage;
}

async function markLost(runs: RunService): Promise<void> {
  try {
    await runs.markLost({ silentMs });
  } catch (error) {
    const denied = isDeepwrightError(error) && (error as DeepwrightError).kind === "not-allowed";
    if (!denied) throw error;
  }
}
