import type { CellValue } from "@deepwright/engines";

export type Severity = "error" | "warning" | "info";

/** What came of one expectation. */
export interface ExpectationResult {
  readonly id: string;
  readonly kind: string;
  readonly columns: readonly string[];
  readonly severity: Severity;
  readonly owner: string | null;
  readonly because: string | null;
  readonly passed: boolean;
  /** Completes "expected ...". */
  readonly expected: string;
  readonly observed: CellValue;
  /** Rows (or keys, or groups) looked at; `null` where nothing is counted. */
  readonly considered: number | null;
  /** How many of them break the expectation. */
  readonly failing: number | null;
  /** Some failing rows (or keys, or groups), the suite's key columns first. Empty when it passed. */
  readonly sample: readonly Readonly<Record<string, CellValue>>[];
  /**
   * Why nothing could be asked of the data: `COLUMN_MISSING`, `COLUMN_TYPE`, `SQL_INVALID`, `NO_ROWS`; of arrays and images
   * `VARIABLE_MISSING` (an array, a dimension) and `NOT_ANSWERABLE` (they don't say, or can't be decoded); else `null`.
   */
  readonly fault:
    | "COLUMN_MISSING"
    | "COLUMN_TYPE"
    | "SQL_INVALID"
    | "NO_ROWS"
    | "VARIABLE_MISSING"
    | "NOT_ANSWERABLE"
    | null;
  /** One sentence for people. */
  readonly sentence: string;
}

export interface SuiteResult {
  readonly suite: string;
  /** No expectation of severity `error` failed. */
  readonly passed: boolean;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly failed: { readonly error: number; readonly warning: number; readonly info: number };
  readonly results: readonly ExpectationResult[];
  /** Statements that read the data, those that fetched failing rows among them. */
  readonly statementCount: number;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
}
