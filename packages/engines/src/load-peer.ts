import { engineNotInstalled } from "./errors.js";

/** Loads code that imports an optional peer, and says how to install the peer when it is absent. */
export async function loadPeer<Module>(
  packageName: string,
  purpose: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") {
      throw engineNotInstalled(packageName, purpose, error);
    }
    throw error;
  }
}
