import type { RankedCause, WorseVerdict } from "../contract/index.js";

const percent = (score: number): string => `${Math.round(score * 100)} %`;

/** The answer in one sentence, from the ranking. */
export function rankedSentence(worse: WorseVerdict, causes: readonly RankedCause[], runName: string): string {
  const [first, second] = causes;
  if (worse.worse === "no") return `${runName}: ${worse.sentence}`;
  if (!first) {
    return worse.worse === "yes"
      ? `${runName}: ${worse.sentence} Nothing that was recorded differs in a way that could cause it.`
      : `${runName}: ${worse.sentence}`;
  }
  const lead =
    second && first.score < 2 * second.score
      ? `The likeliest causes are ${first.difference.title} (${percent(first.score)}) and ${second.difference.title} (${percent(second.score)})`
      : `The likeliest cause is ${first.difference.title} (${percent(first.score)})`;
  const certainty = worse.worse === "cannot-tell" ? `; ${lowerFirst(worse.sentence)}` : ".";
  return `${lead}, not yet proven${certainty}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
