import { z } from "zod";
import type { Leaf } from "./leaf.js";

/** The six components of a run: what, taken together, decides how a model comes out. */
export const componentNames = ["hardware", "platform", "source", "configuration", "data", "model"] as const;
export type ComponentName = (typeof componentNames)[number];
export const componentNameSchema = z.enum(componentNames);

/**
 * One component as a flat map path -> leaf. Segments are joined with `/` and escaped as in JSON Pointer
 * (`joinPath` of this package). The paths are a stored shape, so they are only ever added to:
 *
 * - hardware: `cpu/model`, `cpu/cores`, `memory/bytes`, `gpu/0/model`, `gpu/0/driver`, `gpu/0/memoryBytes`, `cuda/version`
 * - platform: `os/name`, `os/release`, `os/architecture`, `container/kind`, `container/image`,
 *   `interpreter/python/version`, `interpreter/python/executable`, `packages/python/<name>` -> version,
 *   `packages/node/<name>` -> version, `native/<library>` -> version, `environment/<NAME>` -> value
 * - source: `git/commit`, `git/branch`, `git/dirty`, `files/<path>` -> git blob id of its content (also without git),
 *   `command/working-directory` relative to the root
 * - configuration: `arguments/<--flag or position>`, `files/<file>/<key>/...`, `api/<key>/...`
 * - data: `inputs/<name>/uri`, `inputs/<name>/kind`, `inputs/<name>/rowCount`, `inputs/<name>/rows` (hash of the multiset of rows),
 *   `inputs/<name>/order` (hash of the sequence of rows), `inputs/<name>/schema`, `inputs/<name>/columns/<column>`,
 *   `inputs/<name>/partitions/<partition>`, `inputs/<name>/bytes` (sha256 of the file), `inputs/<name>/snapshot`
 * - model: `files/<path>/format`, `files/<path>/sha256`, `files/<path>/sizeBytes`,
 *   `files/<path>/tensors/<tensor>` -> `float32[784,512] <hash>`
 */
export type ComponentMap = Readonly<Record<string, Leaf>>;

export const leafSchema = z.union([
  z.string(),
  z.number(),
  z.nan(),
  z.literal(Infinity),
  z.literal(-Infinity),
  z.boolean(),
  z.null(),
]);
export const componentMapSchema = z.record(z.string(), leafSchema);
