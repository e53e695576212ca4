import type { DeepwrightError } from "@deepwright/core";
import { redactStoreUri, type StoreLocation, storeTrouble } from "@deepwright/lineage/recorder";
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
