import type { CellValue } from "@deepwright/engines";
import { plural } from "../expectations/words.js";
import type { RetypedColumn } from "./columns.js";

export type DiffRow = Readonly<Record<string, CellValue>>;

export interface CellChange {
  /** Values of the key columns. */
  readonly key: DiffRow;
  readonly before: CellValue;
  readonly after: CellValue;
}

export interface ColumnDiff {
  readonly column: string;
  /** Exact. */
  readonly changedCells: number;
  /** Changed cells by ascending key. */
  readonly sample: readonly CellChange[];
}

export type DiffVerdict =
  /** The same rows; in the same order where both sides have one. */
  | "same-rows"
  /** The same rows in another order. */
  | "same-rows-other-order"
  /** Every difference is within the tolerances. */
  | "within-tolerance"
  /** Columns were added, removed or retyped, and no row differs in those that both sides have. */
  | "other-columns"
  | "other-rows";

/** What changed from one data set to another. All counts are exact. */
export interface TableDiff {
  readonly verdict: DiffVerdict;
  /** False where a side has no order (a table), so that nothing is said about order. */
  readonly orderKnown: boolean;
  readonly rowCountBefore: number;
  readonly rowCountAfter: number;
  readonly addedColumns: readonly string[];
  readonly removedColumns: readonly string[];
  readonly retypedColumns: readonly RetypedColumn[];
  /** Rows that their key names on both sides; all rows where the data is the same; 0 without a key. */
  readonly matchedRows: number;
  readonly addedRows: number;
  readonly removedRows: number;
  /** Rows of both sides with at least one changed cell; 0 without a key. */
  readonly changedRows: number;
  /** Rows whose key is incomplete or occurs more than once on a side. They have no partner and are compared as a multiset. */
  readonly ambiguousRowsBefore: number;
  readonly ambiguousRowsAfter: number;
  /** Columns with changed cells, most first. */
  readonly changedColumns: readonly ColumnDiff[];
  readonly addedSample: readonly DiffRow[];
  readonly removedSample: readonly DiffRow[];
  /** Statements that read the data. */
  readonly statementCount: number;
  /** Rows that left an engine to be compared here; 0 where one engine has both sides. */
  readonly fetchedRows: number;
  /** One sentence for people. */
  readonly sentence: string;
}

export type DiffFigures = Omit<TableDiff, "verdict" | "sentence">;

/** `rowsAreSame`: the fingerprints say so; `order` then says whether they come in another order. */
export function describeDiff(
  figures: DiffFigures,
  { rowsAreSame, otherOrder }: { readonly rowsAreSame: boolean; readonly otherOrder: boolean },
): TableDiff {
  const columnsDiffer = figures.addedColumns.length + figures.removedColumns.length + figures.retypedColumns.length > 0;
  const rowsDiffer = figures.addedRows + figures.removedRows + figures.changedRows > 0;
  const verdict: DiffVerdict = rowsDiffer
    ? "other-rows"
    : columnsDiffer
      ? "other-columns"
      : !rowsAreSame
        ? "within-tolerance"
        : otherOrder
          ? "same-rows-other-order"
          : "same-rows";
  return { verdict, ...figures, sentence: sentenceOf(verdict, figures) };
}

function sentenceOf(verdict: DiffVerdict, figures: DiffFigures): string {
  const rows = plural(figures.rowCountAfter, "row");
  switch (verdict) {
    case "same-rows":
      return `The same ${rows}${figures.orderKnown ? " in the same order" : ""}.`;
    case "same-rows-other-order":
      return `The same ${rows} in another order.`;
    case "within-tolerance":
      return `The same ${rows} within the tolerances.`;
    case "other-columns":
      return `The same ${rows} in the columns that both have; ${columnWords(figures)}.`;
    case "other-rows": {
      const { addedRows, removedRows, changedRows, changedColumns } = figures;
      const parts = [
        ...(addedRows > 0 ? [`${plural(addedRows, "row")} added`] : []),
        ...(removedRows > 0 ? [`${plural(removedRows, "row")} removed`] : []),
        ...(changedRows > 0 ? [`${plural(changedRows, "row")} changed (${changedWords(changedColumns)})`] : []),
        ...(columnWords(figures) === "" ? [] : [columnWords(figures)]),
      ];
      return `${parts.join(", ")}.`;
    }
  }
}

function changedWords(columns: readonly ColumnDiff[]): string {
  const shown = columns.slice(0, 5).map(({ column, changedCells }) => `${JSON.stringify(column)} in ${changedCells}`);
  return `${shown.join(", ")}${columns.length > 5 ? ` and ${columns.length - 5} columns more` : ""}`;
}

function columnWords({ addedColumns, removedColumns, retypedColumns }: DiffFigures): string {
  const names = (columns: readonly string[]): string => columns.map((name) => JSON.stringify(name)).join(", ");
  return [
    ...(addedColumns.length > 0 ? [`columns added: ${names(addedColumns)}`] : []),
    ...(removedColumns.length > 0 ? [`columns removed: ${names(removedColumns)}`] : []),
    ...(retypedColumns.length > 0 ? [`columns retyped: ${names(retypedColumns.map(({ name }) => name))}`] : []),
  ].join(", ");
}
