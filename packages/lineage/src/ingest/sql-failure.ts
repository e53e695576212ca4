/** The SQLSTATE of a failed statement, wherever the driver or the store put it; `undefined` for other failures. */
export function sqlState(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; depth++) {
    const { code, details } = current as { code?: unknown; details?: { sqlState?: unknown } };
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return code;
    if (typeof details?.sqlState === "string") return details.sqlState;
    current = current.cause;
  }
  return undefined;
}

/** Another writer came between (serialization failure, deadlock): the same work on fresh facts can succeed. */
export function isOvertaken(error: unknown): boolean {
  const state = sqlState(error);
  return state === "40001" || state === "40P01";
}

/** The data themselves can't be stored (classes 21, 22, 23 and 54): the same work fails for ever. */
export function isDataFailure(error: unknown): boolean {
  return /^(21|22|23|54)/.test(sqlState(error) ?? "");
}
