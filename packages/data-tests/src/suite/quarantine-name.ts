/** A name for what one verdict takes out, by suite and time, so that each run keeps its own. */
export function quarantineName(suite: string, startedAtMs: number): string {
  const time = new Date(startedAtMs).toISOString().replace(/[-:.]/g, "");
  return `${suite.replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 40)}-${time}`;
}
