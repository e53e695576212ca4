import type { CellValue } from "@deepwright/engines";
import { type Hypothesis, mode, type SkewPair } from "./skew-hypothesis.js";

const isTime = (cell: CellValue): cell is string =>
  typeof cell === "string" && /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(cell);
const seconds = (cell: CellValue): number => Date.parse(String(cell)) / 1000;

/** Zones lie whole quarters of an hour apart, and at most 26 hours. */
const isZone = (difference: number): boolean =>
  difference !== 0 && difference % 900 === 0 && Math.abs(difference) <= 26 * 3600;

export function timeGuesses(pairs: readonly SkewPair[]): Hypothesis[] {
  const usable = pairs.filter(({ training, serving }) => isTime(training) && isTime(serving));
  if (usable.length < 3) return [];
  const differences = usable.map(({ training, serving }) => seconds(serving) - seconds(training));
  const first = Number(mode(differences)?.cell);
  const second = mode(differences.filter((difference) => Math.abs(difference - first) === 3600));
  const by =
    (allowed: readonly number[]) =>
    ({ training, serving }: SkewPair) =>
      isTime(training) && isTime(serving) && allowed.includes(seconds(serving) - seconds(training));
  const hours = (difference: number): string =>
    `${Math.abs(difference) / 3600} h ${difference > 0 ? "later" : "earlier"}`;
  const truncation = (
    [
      ["day", 86_400],
      ["hour", 3_600],
      ["minute", 60],
      ["second", 1],
    ] as const
  ).map(
    ([unit, length]): Hypothesis => ({
      kind: "time-truncation",
      words: `is cut off to the ${unit}`,
      explains: ({ training, serving }) =>
        isTime(training) &&
        isTime(serving) &&
        training !== serving &&
        seconds(serving) === Math.floor(seconds(training) / length) * length,
    }),
  );
  const daylight: Hypothesis[] =
    isZone(first) && second !== undefined && isZone(Number(second.cell))
      ? [
          {
            kind: "time-zone",
            words: `is ${hours(first)} or ${hours(Number(second.cell))} (a zone with daylight saving)`,
            explains: by([first, Number(second.cell)]),
          },
        ]
      : [];
  const constant: Hypothesis = isZone(first)
    ? { kind: "time-zone", words: `is ${hours(first)} (another time zone)`, explains: by([first]) }
    : {
        kind: "time-offset",
        words: `is ${Math.abs(first)} s ${first > 0 ? "later" : "earlier"}`,
        explains: by([first]),
      };
  return [constant, ...daylight, ...truncation];
}

const normalizations: readonly (readonly [words: string, apply: (text: string) => string])[] = [
  ["is trimmed", (text) => text.trim()],
  ["is in lower case", (text) => text.toLowerCase()],
  ["is in upper case", (text) => text.toUpperCase()],
  ["is trimmed and in lower case", (text) => text.trim().toLowerCase()],
  ["is without accents", (text) => text.normalize("NFD").replace(/\p{M}/gu, "")],
  ["is in Unicode's composed form", (text) => text.normalize("NFC")],
  ["is in Unicode's decomposed form", (text) => text.normalize("NFD")],
  ["has single spaces", (text) => text.replace(/\s+/g, " ")],
  ["is without punctuation", (text) => text.replace(/\p{P}/gu, "")],
];

export function textGuesses(pairs: readonly SkewPair[]): Hypothesis[] {
  const texts = pairs.filter(({ training, serving }) => typeof training === "string" && typeof serving === "string");
  const normalized = normalizations.map(
    ([words, apply]): Hypothesis => ({
      kind: "text-normalization",
      words,
      explains: ({ training, serving }) =>
        typeof training === "string" && training !== serving && apply(training) === serving,
    }),
  );
  return [...(texts.length > 0 ? normalized : []), ...encoding(pairs)];
}

/** Each value of training is always the same other value of serving, and no two share one: categories were numbered or named anew. */
function encoding(pairs: readonly SkewPair[]): Hypothesis[] {
  const forward = new Map<string, CellValue[]>();
  for (const { training, serving } of pairs) {
    const key = JSON.stringify(String(training));
    const list = forward.get(key);
    if (list === undefined) forward.set(key, [serving]);
    else list.push(serving);
  }
  // With hardly any repetition every column looks like an encoding of another.
  if (forward.size < 2 || pairs.length < 5 * forward.size) return [];
  const map = new Map([...forward].map(([key, list]) => [key, mode(list)?.cell ?? null] as const));
  if (new Set([...map.values()].map(String)).size !== map.size) return [];
  const example = [...map].slice(0, 2).map(([key, cell]) => `${key} is ${JSON.stringify(String(cell))}`);
  return [
    {
      kind: "category-encoding",
      words: `is coded otherwise: ${example.join(", ")}`,
      explains: ({ training, serving }) =>
        map.get(JSON.stringify(String(training))) === serving && String(training) !== String(serving),
    },
  ];
}
