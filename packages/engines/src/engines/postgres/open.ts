import type { QueryEngine } from "../../engine.js";
import { capabilityMissing } from "../../errors.js";
import type { PostgresOptions } from "../../open-engine.js";
export async function openPostgres(_options: PostgresOptions): Promise<QueryEngine> { throw capabilityMissing("postgres","x","y"); }
