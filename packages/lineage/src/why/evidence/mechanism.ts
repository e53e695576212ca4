import { type Leaf, splitPath } from "@deepwright/core";
import type { Difference, Evidence } from "../../contract/index.js";
import { sameNumberOtherType } from "../../diff/format-leaf.js";
import { languageOf } from "../../diff/language.js";
import { tokenize } from "../../diff/tokens.js";
import type { SourceReach } from "../reach/source-reach.js";
import { inertWords, spread, wordFamilies } from "./mechanism-words.js";

/** Code whose result depends on the order of rows: pasting by position, running windows, numbering. */
const orderSensitive =
  /\.(rolling|shift|cumsum|cummax|expanding|ewm|diff|iloc)\b|\.values\b|to_numpy\(|hstack|column_stack|axis\s*=\s*(1|["']columns["'])|reset_index\(|\bzip\(|\benumerate\(|\bpaste\b|row_number\(\)\s*over\s*\(\s*\)|\browid\b|positional join|by (row )?position/i;

const orderFamily = wordFamilies[0];

/** What differences beside each other mean together. */
export interface MechanismContext {
  readonly reach: SourceReach;
  /** Data sets of the two runs with the same rows in another order. */
  readonly reordered: readonly Difference[];
}

/** Whether the way in which something changed is known to move metrics. */
export function mechanismEvidence(difference: Difference, context: MechanismContext): Evidence[] {
  if (difference.kind === "data") return dataMechanism(difference);
  const changed = changedText(difference);
  if (changed === null) return [];
  const found: Evidence[] = [];
  const family = wordFamilies.find(({ pattern }) => pattern.test(changed.words));
  if (family) found.push(evidence(`It concerns ${family.name}.`, family.weight));
  else if (inertWords.test(changed.words))
    found.push(evidence("Its words are those of output, names or resources.", -1));
  if (changed.note) found.push(evidence(changed.note.sentence, changed.note.weight));
  if (family && family === orderFamily) found.push(...orderMechanism(context));
  return found;
}

const evidence = (sentence: string, weight: number): Evidence => ({ kind: "mechanism", sentence, weight });

function orderMechanism({ reach, reordered }: MechanismContext): Evidence[] {
  const found: Evidence[] = [];
  const place = reach.find(orderSensitive);
  if (place) {
    found.push(
      evidence(`What runs depends on the order of rows at ${place.file}:${place.line}: ${place.text.slice(0, 80)}`, 1),
    );
  }
  const [data] = reordered;
  if (data) found.push(evidence(`${data.title}: something between the two runs reorders rows.`, 1.2));
  return found;
}

function dataMechanism(difference: Difference): Evidence[] {
  switch (difference.dataVerdict) {
    case "same-rows-other-order":
      return [evidence("The same rows in another order matter only to steps that depend on the order.", 0.3)];
    case "other-columns":
      return [evidence("Columns came, went or changed their type.", 0.6)];
    case "other-rows":
      return [evidence("The values or the number of rows differ.", 0.2)];
    default:
      return [];
  }
}

interface ChangedText {
  /** The words of what changed and of where it stands, in lower case. */
  readonly words: string;
  readonly note: { readonly sentence: string; readonly weight: number } | null;
}

function changedText(difference: Difference): ChangedText | null {
  if (difference.kind === "configuration" || difference.kind === "argument" || difference.kind === "environment") {
    const key = splitPath(difference.path).slice(1).join(" ");
    return { words: spread(key), note: leafNote(difference.before, difference.after) };
  }
  return difference.hunk ? hunkText(difference.hunk) : null;
}

const isTruth = (leaf: Leaf | undefined): boolean =>
  typeof leaf === "boolean" || (typeof leaf === "string" && /^(true|false|yes|no|on|off)$/i.test(leaf));

function leafNote(before: Leaf | undefined, after: Leaf | undefined): ChangedText["note"] {
  if (Object.is(before, after)) return null;
  if (isTruth(before) && isTruth(after)) return { sentence: "A switch is flipped.", weight: 0.8 };
  if (sameNumberOtherType(before, after))
    return { sentence: "The number is the same, only its type differs.", weight: -1 };
  if (typeof before === "number" && typeof after === "number") {
    const times = Math.abs(Math.log10(Math.abs(after / before)));
    if (Number.isFinite(times) && times < 0.02)
      return { sentence: "The number changes by less than 5 %.", weight: -0.6 };
    return { sentence: "A number changes.", weight: times >= 1 || !Number.isFinite(times) ? 0.7 : 0.3 };
  }
  if (before === undefined || after === undefined)
    return { sentence: "The key is there in one run only.", weight: -0.2 };
  return null;
}

type Tokens = readonly string[];

/** What changed in a hunk: the tokens of either side that the other lacks, on their lines. */
function hunkText(hunk: NonNullable<Difference["hunk"]>): ChangedText {
  const language = languageOf(hunk.file);
  const split = (lines: readonly string[]): Tokens =>
    language
      ? tokenize(lines.join("\n"), language)
          .map((token) => token.text)
          .filter((text) => !text.startsWith("\n"))
      : lines.join("\n").split(/\s+/);
  const before = split(hunk.beforeLines);
  const after = split(hunk.afterLines);
  const changed = [...without(before, after), ...without(after, before)];
  const renamed = consistentRename(before, after);
  if (renamed) return { words: "", note: { sentence: `It only renames ${renamed}.`, weight: -1.3 } };
  const lines = [...hunk.beforeLines, ...hunk.afterLines].map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length > 0 && lines.every(isOutputLine)) {
    return { words: "", note: { sentence: "It only logs or prints.", weight: -1.6 } };
  }
  // A literal alone says nothing: the line tells what it belongs to.
  const named = changed.some((token) => /[A-Za-z]{2}/.test(token) && !/^(true|false|none|null)$/i.test(token));
  return { words: spread((named ? changed : lines).join(" ")), note: hunkNote(before, after) };
}

const isOutputLine = (line: string): boolean =>
  /^(print|console\.\w+|log(ger|ging)?\.\w+|warnings\.warn|echo)\b\s*\(?.*$/.test(line);

function without(tokens: Tokens, others: Tokens): string[] {
  const counts = new Map<string, number>();
  for (const token of others) counts.set(token, (counts.get(token) ?? 0) + 1);
  return tokens.filter((token) => {
    const left = counts.get(token) ?? 0;
    counts.set(token, left - 1);
    return left <= 0;
  });
}

const identifier = /^[A-Za-z_$][\w$.]*$/;
const literal = /^(-?[\d.]+(e-?\d+)?|true|false|none|null|["'`].*)$/is;

/** `old to new` when the two sides differ by one or two identifiers, each replaced by the same other one everywhere. */
function consistentRename(before: Tokens, after: Tokens): string | null {
  if (before.length !== after.length || before.length < 2) return null;
  const forward = new Map<string, string>();
  const backward = new Map<string, string>();
  let count = 0;
  for (let index = 0; index < before.length; index++) {
    const from = before[index] as string;
    const to = after[index] as string;
    if (from === to) continue;
    if (!identifier.test(from) || !identifier.test(to) || literal.test(from) || literal.test(to)) return null;
    if ((forward.get(from) ?? to) !== to || (backward.get(to) ?? from) !== from) return null;
    forward.set(from, to);
    backward.set(to, from);
    count += 1;
  }
  // One replaced name may be another function; a name that is replaced wherever it stands is a renaming.
  const [pair] = forward;
  return pair && forward.size <= 2 && count > forward.size && !after.some((token) => forward.has(token))
    ? `${pair[0]} to ${pair[1]}`
    : null;
}

function hunkNote(before: Tokens, after: Tokens): ChangedText["note"] {
  const gone = without(before, after);
  const fresh = without(after, before);
  if (gone.length === 1 && fresh.length === 1) {
    const [from, to] = [gone[0] as string, fresh[0] as string];
    if (isTruth(from) && isTruth(to)) return { sentence: `A switch is flipped: ${from} -> ${to}.`, weight: 1 };
    if (/^-?[\d.]/.test(from) && /^-?[\d.]/.test(to))
      return { sentence: `A number changes: ${from} -> ${to}.`, weight: 0.5 };
    if (/^[<>=!+\-*/%&|]+$/.test(from) && /^[<>=!+\-*/%&|]+$/.test(to)) {
      return { sentence: `An operator changes: ${from} -> ${to}.`, weight: 0.9 };
    }
  }
  if (before.length > 0 && after.length === 0) return { sentence: "Statements are removed.", weight: 0.2 };
  return null;
}
