import type { QueryOptions } from "../../engine.js";
import { capabilityMissing } from "../../errors.js";
import type { Connections } from "./connections.js";
export async function resultToArrow(_c: Connections, _s: string, _o?: QueryOptions): Promise<Uint8Array> { throw capabilityMissing("duckdb","x","y"); }
