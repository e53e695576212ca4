import { cpus, totalmem } from "node:os";
import type { Leaf } from "@deepwright/core";
import { runProgram } from "../run-program.js";

const fields = ["name", "driver_version", "memory.total", "uuid"] as const;

/** Processor and memory, at once. */
export function captureComputer(): Record<string, Leaf> {
  const processors = cpus();
  return {
    "cpu/model": processors[0]?.model.trim() ?? "unknown",
    "cpu/cores": processors.length,
    "memory/bytes": totalmem(),
  };
}

/**
 * NVIDIA GPUs as `nvidia-smi` lists them; empty where there is none. Takes up to seconds on a machine with sleeping GPUs,
 * so it runs beside the command.
 */
export async function captureGpus(program = "nvidia-smi"): Promise<Record<string, Leaf>> {
  const query = [`--query-gpu=${fields.join(",")}`, "--format=csv,noheader,nounits"];
  const [list, summary] = await Promise.all([runProgram(program, query), runProgram(program, [])]);
  return list === null ? {} : parseGpus(list.toString("utf8"), summary?.toString("utf8") ?? "");
}

/** Reads the CSV list and the summary page (for the CUDA version) of `nvidia-smi`. */
export function parseGpus(list: string, summary: string): Record<string, Leaf> {
  const entries: Record<string, Leaf> = {};
  const lines = list.split("\n").filter((line) => line.trim() !== "");
  for (const [index, line] of lines.entries()) {
    const [model, driver, memoryMebibytes] = line.split(",").map((field) => field.trim());
    if (model === undefined || driver === undefined) continue;
    entries[`gpu/${index}/model`] = model;
    entries[`gpu/${index}/driver`] = driver;
    const bytes = Number(memoryMebibytes) * 1024 * 1024;
    if (Number.isFinite(bytes)) entries[`gpu/${index}/memoryBytes`] = bytes;
  }
  const cuda = /CUDA Version:\s*([\d.]+)/.exec(summary)?.[1];
  if (cuda !== undefined && lines.length > 0) entries["cuda/version"] = cuda;
  return entries;
}
