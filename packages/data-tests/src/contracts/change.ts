/** Whom a change can break: those who read the data, or those who make it. */
export type Party = "consumers" | "producers";

/** One difference between two versions of a contract. */
export interface ContractChange {
  /** By names, since places move: `schema.orders.properties.price.required` */
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  readonly before: unknown;
  readonly after: unknown;
  /** Empty: breaks nobody. */
  readonly breaks: readonly Party[];
  /** What a version number has to say of it. */
  readonly level: "major" | "minor" | "patch";
  readonly sentence: string;
}

export function changeOf(
  path: string,
  before: unknown,
  after: unknown,
  breaks: readonly Party[],
  what: string,
  level: "minor" | "patch" = "minor",
): ContractChange {
  return {
    path,
    change: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    before: before ?? null,
    after: after ?? null,
    breaks,
    level: breaks.length > 0 ? "major" : level,
    sentence: breaks.length > 0 ? `${what}: can break ${breaks.join(" and ")}.` : `${what}.`,
  };
}
