/** The data can't be asked what the expectation asks, so it fails: a column is missing or has another type. */
export class PlanFault extends Error {
  constructor(
    readonly code: "COLUMN_MISSING" | "COLUMN_TYPE" | "SQL_INVALID",
    readonly sentence: string,
    readonly observed: string | null,
  ) {
    super(sentence);
  }
}
