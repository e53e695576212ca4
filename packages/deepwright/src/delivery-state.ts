import { DeepwrightError } from "@deepwright/core";
import { pendingDelivery, redactStoreUri, type StoreLocation, storeTrouble } from "@deepwright/lineage/recorder";
import type { CliContext } from "./context.js";

/** Says in one line that the run waits on this computer, when its store is away or lets nobody in. */
export async function warnWhenRunWaits(location: StoreLocation, cli: CliContext): Promise<void> {
  const trouble = await storeTrouble(location);
  if (trouble === undefined) return;
  cli.note(`deepwright: ${sentence(location, trouble)}`);
}

function sentence(location: StoreLocation, trouble: DeepwrightError): string {
  const place = `${location.directory}/spool`;
  const address = redactStoreUri(location.uri);
  if (trouble.kind === "unavailable") {
    return `${address} does not answer; the run is safe in ${place} and is delivered when it does.`;
  }
  return (
    `${address} refuses to take the run; it is safe in ${place} and not delivered. ` +
    `${trouble.message} Then: deepwright deliver. [${trouble.code}]`
  );
}

/** How to go on with logs that a store refused. */
export function refusedRemark(location: StoreLocation, count: number): string {
  const logs = count === 1 ? "1 log was refused and lies" : `${count} logs were refused and lie`;
  return `${logs} in ${location.directory}/refused; deepwright deliver --refused sends again.`;
}

/** The failure with what it leaves on this computer. */
export function withRemainder(error: DeepwrightError, location: StoreLocation): DeepwrightError {
  const left = pendingDelivery(location);
  if (left.events === 0) return error;
  const { code, kind, expected, got, retryable, details } = error;
  const events = `${left.events} ${left.events === 1 ? "event" : "events"}`;
  const runs = `${left.runs} ${left.runs === 1 ? "run" : "runs"}`;
  return new DeepwrightError({
    code,
    kind,
    expected,
    got,
    retryable,
    todo: `${error.todo} ${events} of ${runs} wait in ${location.directory}/spool for ${redactStoreUri(location.uri)}.`,
    details: { ...details, remainingEvents: left.events, remainingRuns: left.runs },
    cause: error,
  });
}
