/** A family of names whose change is known to move metrics, and how much it speaks (log-odds). */
export interface WordFamily {
  readonly name: string;
  readonly pattern: RegExp;
  readonly weight: number;
}

/** Names as they stand in keys and code, underscores and camel case split into words before they are matched. */
export const wordFamilies: readonly WordFamily[] = [
  { name: "the order of rows", pattern: /\b(shuffled?|order(ed)?|sort(ed)?|permut\w*|sample|reindex)\b/, weight: 1.5 },
  { name: "labels or targets", pattern: /\b(labels?|targets?|y true|class weights?)\b/, weight: 1.3 },
  {
    name: "the split of the data",
    pattern: /\b(splits?|test size|folds?|stratify|cutoff|holdout|lag|shift|leak\w*)\b/,
    weight: 1.3,
  },
  { name: "the loss", pattern: /\b(loss|criterion|objective|reduction)\b/, weight: 1.2 },
  {
    name: "the optimizer",
    pattern: /\b(lr|learning rate|eta|optimi[sz]er|momentum|weight decay|warmup|schedul\w*|clip\w*)\b/,
    weight: 1.1,
  },
  {
    name: "scaling of inputs",
    pattern: /\b(normali[sz]\w*|standardi[sz]\w*|scal(e|er|ing)|mean|std|fillna|impute\w*|dtype|float16|bf16|fp16)\b/,
    weight: 0.9,
  },
  {
    name: "the model's size or regularization",
    pattern:
      /\b(dropout|hidden|layers?|units|depth|pool\w*|batch norm|l1|l2|alpha|trees|estimators|frozen|freeze|trainable)\b/,
    weight: 0.8,
  },
  {
    name: "the length of training",
    pattern: /\b(epochs?|steps?|iterations?|batch size|patience|early stopping|rounds)\b/,
    weight: 0.8,
  },
  {
    name: "features",
    pattern: /\b(features?|columns?|drop|join|merge|window|rolling|encod\w*|embedding)\b/,
    weight: 0.7,
  },
];

/** Words that only say what is shown, kept or named. */
export const inertWords =
  /\b(log(s|ger|ging)?|print|verbose|verbosity|name|title|color|colour|path|dir|directory|folder|output|out|tag|note|description|author|version|comment|progress|workers?|jobs|threads|cache|debug|wandb|mlflow|plot|figure|timeout)\b/;

/** Splits snake, kebab and camel case into words in lower case. */
export const spread = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_\-.]+/g, " ")
    .toLowerCase();
