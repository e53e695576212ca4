import { spawn } from "node:child_process";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { deliverContinuously } from "./deliver-continuously.js";
import { deliveryHolder, requestDelivery } from "./delivery-lock.js";
import { locateStore, type StoreLocation } from "./store-location.js";

/** A defect must not take the memory of the training beside it. The logs wait on the disk when the process ends by it. */
const heapLimit = "--max-old-space-size=512";

/**
 * Starts a process of its own that delivers the spool, unless one is at it. It outlives the caller and ends by itself;
 * a training process and its memory are left alone. The store's address and token travel in the environment, never on disk.
 */
export function startDeliveryProcess(location: StoreLocation): void {
  requestDelivery(location);
  if (deliveryHolder(location)?.continuous) return;
  try {
    const child = spawn(process.execPath, [heapLimit, fileURLToPath(import.meta.url)], {
      detached: true,
      stdio: "ignore",
      cwd: "/",
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        DEEPWRIGHT_STORE: location.uri,
        DEEPWRIGHT_DIRECTORY: location.directory,
        DEEPWRIGHT_TOKEN: location.token,
      },
    });
    child.on("error", () => undefined);
    child.unref();
  } catch {
    // No process can be had now: the next command that reads or records delivers the spool.
  }
}

async function main(): Promise<void> {
  setPriority(10);
  const location = locateStore();
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  const { openLineage } = await import("../open-lineage.js");
  await deliverContinuously(location, {
    open: () => openLineage(location),
    giveUpAfterMs: 24 * 3600 * 1000,
    signal: stop.signal,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().then(() => process.exit(0));
