import { z } from "zod";
import { all, boundNumber, boundText, join, sql } from "../sql/fragment.js";
import { portablePattern } from "../sql/portable-pattern.js";
import { boundsShape, columnName, describeBounds, someBound, valueShape } from "../suite/common.js";
import { textFormats } from "./formats.js";
import { kind } from "./kind.js";
import { valueCheck } from "./row-check.js";

const pattern = z.string().min(1);
const ignoreCase = z.boolean().optional();

export const matches = kind({
  expects: "text in which a regular expression is found; anchor it with ^ and $",
  options: z.strictObject({ ...valueShape, column: columnName, pattern, ignoreCase }),
  plan: (options, context) =>
    valueCheck(options, context, ["text"], `to match /${options.pattern}/`, (column) =>
      context.dialect.matches(column.sql, portablePattern(options.pattern), options.ignoreCase ?? false),
    ),
});

export const doesNotMatch = kind({
  expects: "text in which a regular expression is not found",
  options: z.strictObject({ ...valueShape, column: columnName, pattern, ignoreCase }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      ["text"],
      `not to match /${options.pattern}/`,
      (column) =>
        sql`(NOT ${context.dialect.matches(column.sql, portablePattern(options.pattern), options.ignoreCase ?? false)})`,
    ),
});

export const matchesAny = kind({
  expects: "text in which at least one of several regular expressions is found",
  options: z.strictObject({ ...valueShape, column: columnName, patterns: z.array(pattern).min(1), ignoreCase }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      ["text"],
      `to match one of ${options.patterns.map((each) => `/${each}/`).join(", ")}`,
      (column) => {
        const found = options.patterns.map((each) =>
          context.dialect.matches(column.sql, portablePattern(each), options.ignoreCase ?? false),
        );
        return sql`(${join(found, " OR ")})`;
      },
    ),
});

export const hasFormat = kind({
  expects: `text in one of the formats ${Object.keys(textFormats).join(", ")}`,
  options: z.strictObject({
    ...valueShape,
    column: columnName,
    format: z.enum(Object.keys(textFormats) as [keyof typeof textFormats, ...(keyof typeof textFormats)[]]),
  }),
  plan: (options, context) =>
    valueCheck(options, context, ["text"], `to be in the format ${options.format}`, (column) =>
      context.dialect.matches(column.sql, portablePattern(textFormats[options.format]), false),
    ),
});

function affixKind(expects: string, words: string, operation: "startsWith" | "endsWith" | "contains") {
  return kind({
    expects,
    options: z.strictObject({ ...valueShape, column: columnName, text: z.string().min(1) }),
    plan: (options, context) =>
      valueCheck(options, context, ["text"], `${words} ${JSON.stringify(options.text)}`, (column) =>
        context.dialect[operation](column.sql, boundText(options.text)),
      ),
  });
}

export const startsWith = affixKind("text that starts with a given one", "to start with", "startsWith");
export const endsWith = affixKind("text that ends with a given one", "to end with", "endsWith");
export const containsText = affixKind("text that contains a given one", "to contain", "contains");

export const doesNotContainText = kind({
  expects: "text that does not contain a given one",
  options: z.strictObject({ ...valueShape, column: columnName, text: z.string().min(1) }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      ["text"],
      `not to contain ${JSON.stringify(options.text)}`,
      (column) => sql`(NOT ${context.dialect.contains(column.sql, boundText(options.text))})`,
    ),
});

export const lengthBetween = kind({
  expects: "text whose length in characters (code points) is within bounds",
  options: z.strictObject({ ...valueShape, ...boundsShape, column: columnName }).refine(someBound, "give min or max"),
  plan: (options, context) =>
    valueCheck(options, context, ["text"], `to have a length ${describeBounds(options.min, options.max)}`, (column) => {
      const length = context.dialect.textLength(column.sql);
      return all([
        ...(options.min === undefined ? [] : [sql`(${length} >= ${boundNumber(options.min)})`]),
        ...(options.max === undefined ? [] : [sql`(${length} <= ${boundNumber(options.max)})`]),
      ]);
    }),
});

export const lengthEquals = kind({
  expects: "text of one length in characters (code points)",
  options: z.strictObject({ ...valueShape, column: columnName, length: z.int().min(0) }),
  plan: (options, context) =>
    valueCheck(
      options,
      context,
      ["text"],
      `to have ${options.length} characters`,
      (column) => sql`(${context.dialect.textLength(column.sql)} = ${boundNumber(options.length)})`,
    ),
});

/** Text that a pattern of ours must, or must not, be found in. */
function patternKind(expects: string, words: string, regularExpression: string, found: boolean) {
  return kind({
    expects,
    options: z.strictObject({ ...valueShape, column: columnName }),
    plan: (options, context) =>
      valueCheck(options, context, ["text"], words, (column) => {
        const match = context.dialect.matches(column.sql, portablePattern(regularExpression), false);
        return found ? match : sql`(NOT ${match})`;
      }),
  });
}

export const isTrimmed = patternKind(
  "text without spaces at either end",
  "to have no spaces at its ends",
  "^\\s|\\s$",
  false,
);
export const isLowercase = patternKind("text without ASCII capital letters", "to be lower case", "[A-Z]", false);
export const isUppercase = patternKind("text without ASCII small letters", "to be upper case", "[a-z]", false);
export const isPrintableAscii = patternKind(
  "text of printable ASCII characters",
  "to be printable ASCII",
  "^[ -~]*$",
  true,
);
export const parsesAsInteger = patternKind(
  "text that is a whole number",
  "to be a whole number",
  "^\\s*[-+]?\\d+\\s*$",
  true,
);
export const parsesAsNumber = patternKind(
  "text that is a decimal number, with or without an exponent",
  "to be a number",
  "^\\s*[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?\\s*$",
  true,
);
export const parsesAsBoolean = patternKind(
  "text that is true, false, yes, no, t, f, y, n, 0 or 1",
  "to be a truth value",
  "^(?:[tT]|[fF]|[yY]|[nN]|[tT]rue|[fF]alse|TRUE|FALSE|[yY]es|[nN]o|YES|NO|0|1)$",
  true,
);
export const hasNoReplacementCharacter = patternKind(
  "text without U+FFFD, which a wrong encoding leaves behind",
  "to hold no character lost by a wrong encoding",
  "\uFFFD",
  false,
);
