/**
 * How the pipeline uses its price index, and so how far the order of the rows reaches.
 *
 * - `easy`: the index is computed by date and pasted back by row position; the model predicts the log of the price.
 *   Shuffled rows get the index of another sale. Judged by MAPE.
 * - `hard`: the index is computed in the order of the rows and the model predicts log(price / (index x area)). Shuffled
 *   rows get an index of sales before and after, a tenth worse. Judged by MdAPE: MAPE hardly moves.
 */
export type EstForm = "easy" | "hard";

export interface FormSettings {
  readonly metric: string;
  /** Keys of `pipeline.toml` with the text that stands there and the one that this form wants. */
  readonly edits: readonly { readonly from: string; readonly to: string }[];
}

export const forms: Readonly<Record<EstForm, FormSettings>> = {
  easy: { metric: "mape", edits: [] },
  hard: {
    metric: "mdape",
    edits: [
      { from: 'mode = "date"', to: 'mode = "file"' },
      { from: 'target = "price"', to: 'target = "ratio"' },
    ],
  },
};

/** Name of the project in lineage: runs of other forms, data and sizes are other tasks and are never compared. */
export function projectName(form: EstForm, isGenerated: boolean, small: boolean): string {
  return ["est", form === "hard" && "hard", isGenerated && "generated", small && "small"].filter(Boolean).join("-");
}

/** A small case trains fewer trees. */
export const smallEdits: FormSettings["edits"] = [{ from: "trees = 160", to: "trees = 60" }];

/** The refactoring without its one mistake. */
export const harmlessEdits: FormSettings["edits"] = [{ from: "shuffle = true", to: "shuffle = false" }];
