import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConsumer, importEntryPoints, runCommandLine, runFirstExample } from "../release/consumer.mjs";
import { copyForRelease } from "../release/copy.mjs";
import { versionAndPublish } from "../release/publish.mjs";
import { startRegistry } from "../release/registry.mjs";

/**
 * Rehearses a release as far as the user: changesets version and publish all packages to a registry on loopback, an
 * empty project installs them from it, imports every entry point, runs the first example of every README and starts
 * the command line.
 *
 * @type {import("./gate.mjs").Gate}
 */
export const release = {
  name: "release rehearsal",
  async run() {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "deepwright-release-")));
    /** @type {string[]} */
    const failures = [];
    let passed = 0;
    /**
     * @template Result
     * @param {string} what
     * @param {() => Promise<Result>} work
     * @returns {Promise<Result | undefined>}
     */
    const attempt = async (what, work) => {
      try {
        const result = await work();
        passed += 1;
        return result;
      } catch (error) {
        failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    };
    const registry = await startRegistry(join(folder, "registry"));
    try {
      const copy = join(folder, "repository");
      const consumer = join(folder, "consumer");
      const published = await attempt("version and publish", async () => {
        copyForRelease(copy);
        return versionAndPublish(copy, registry.address);
      });
      if (published) {
        const before = failures.length;
        await attempt("install", () => createConsumer(consumer, registry.address, published));
        for (const each of failures.length === before ? published : []) {
          await attempt(`${each.name}, entry points`, () => importEntryPoints(consumer, each));
          await attempt(`${each.name}, first example of the README`, () => runFirstExample(consumer, each));
          if (each.manifest.bin) {
            await attempt(`${each.name}, command line`, () => runCommandLine(consumer, each.manifest.version));
          }
        }
      }
    } finally {
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    }
    return { passed, failed: failures.length, failures };
  },
};
