import { type ComponentName, componentNames, type Leaf, type RunStatus, runStatuses } from "@deepwright/core";
import type { Comparison, MetricAggregate, RunFilter } from "../contract/index.js";
import { filterError, type Token, tokenize } from "./tokens.js";

export const aggregates: readonly MetricAggregate[] = ["last", "min", "max", "mean"];
const comparisons: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
/** `config` is what people write; `configuration` is read too. */
const componentWords: ReadonlyMap<string, ComponentName> = new Map<string, ComponentName>([
  ["config", "configuration"],
  ...componentNames.map((name) => [name, name] as const),
]);
const depthLimit = 100;

/**
 * Reads the text form of a run filter.
 *
 * Conditions are joined by `and`, `or`, `not` and brackets (`not` binds before `and`, `and` before `or`):
 *
 * - `metric.mae < 70000`, `min(metric.loss) <= 0.1` (`last`, `min`, `max`, `mean`; without one the last value)
 * - `config.shuffle = true`, and so for `hardware`, `platform`, `source`, `data`, `model` with the path of a leaf;
 *   values are `true`, `false`, `null`, numbers, `NaN`, `Infinity`, or texts
 * - `tag.team = "x"`, `tag.team != "x"`
 * - `status = finished`, `started > 2026-01-01`, `started < "2026-01-01T10:00:00Z"` (UTC), `text ~ "two words"`
 *
 * Names and texts with blanks or `" ( ) = ! < > ~` stand in double quotes: `metric."val loss" > 1`.
 *
 * @param source the filter, at most 100,000 characters
 * @returns the filter as a value; {@link printRunFilter} writes it back
 * @throws DeepwrightError `INVALID_FILTER`; `details.position` counts characters from 0
 * @example
 * ```ts
 * import { parseRunFilter } from "@deepwright/lineage";
 *
 * console.log(JSON.stringify(parseRunFilter("metric.mae < 70000 and config.shuffle = true")));
 * // {"and":[{"metric":"mae","op":"<","value":70000},{"component":"configuration","path":"shuffle","op":"=","value":true}]}
 * ```
 */
export function parseRunFilter(source: string): RunFilter {
  if (source.length > 100_000) throw filterError("", 0, "a filter of at most 100,000 characters", `${source.length}`);
  const parser = new FilterParser(source, tokenize(source));
  return parser.whole();
}

class FilterParser {
  private index = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
  ) {}

  whole(): RunFilter {
    const filter = this.alternatives();
    if (this.peek().kind !== "end") throw this.unexpected("and, or, or the end");
    return filter;
  }

  private alternatives(): RunFilter {
    const parts = this.joined("or", () => this.joinedByAnd());
    return parts.length === 1 ? (parts[0] as RunFilter) : { or: parts };
  }

  private joinedByAnd(): RunFilter {
    const parts = this.joined("and", () => this.condition());
    return parts.length === 1 ? (parts[0] as RunFilter) : { and: parts };
  }

  private joined(keyword: string, part: () => RunFilter): RunFilter[] {
    const parts = [part()];
    while (this.isKeyword(keyword)) {
      this.next();
      parts.push(part());
    }
    return parts;
  }

  private condition(): RunFilter {
    if (this.depth >= depthLimit) throw this.unexpected(`at most ${depthLimit} levels`);
    this.depth += 1;
    try {
      if (this.isKeyword("not")) {
        this.next();
        return { not: this.condition() };
      }
      if (this.peek().kind === "open") {
        this.next();
        return this.closed(this.emptyList() ?? this.alternatives());
      }
      return this.comparison();
    } finally {
      this.depth -= 1;
    }
  }

  /** `(and)` and `(or)`: a list of no conditions, which holds for all runs and for none. */
  private emptyList(): RunFilter | undefined {
    const keyword = ["and", "or"].find((word) => this.isKeyword(word));
    if (keyword === undefined || this.tokens[this.index + 1]?.kind !== "close") return undefined;
    this.next();
    return keyword === "and" ? { and: [] } : { or: [] };
  }

  private closed(filter: RunFilter): RunFilter {
    if (this.peek().kind !== "close") throw this.unexpected("and, or, or a closing bracket");
    this.next();
    return filter;
  }

  private comparison(): RunFilter {
    const token = this.peek();
    if (token.kind !== "word") throw this.unexpected("a condition");
    const aggregate = aggregates.find((name) => name === token.value);
    if (aggregate !== undefined && this.tokens[this.index + 1]?.kind === "open") {
      this.next();
      this.next();
      const metric = this.name("metric");
      if (metric === undefined) throw this.unexpected("a metric such as metric.loss");
      if (this.peek().kind !== "close") throw this.unexpected("a closing bracket");
      this.next();
      return { metric, aggregate, op: this.operator(), value: this.number() };
    }
    const metric = this.name("metric");
    if (metric !== undefined) return { metric, op: this.operator(), value: this.number() };
    for (const [word, component] of componentWords) {
      const path = this.name(word);
      if (path !== undefined) return { component, path, op: this.operator(), value: this.leaf() };
    }
    const tag = this.name("tag");
    if (tag !== undefined) return { tag, op: this.equality(), value: this.anyText("the value of a tag") };
    if (token.value === "status") return this.status();
    if (token.value === "started") return this.started();
    if (token.value === "text") {
      this.next();
      this.expectOperator("~");
      return { text: this.anyText("the words to find") };
    }
    throw this.unexpected("metric., config., tag., a component, status, started or text");
  }

  /** Reads `prefix.name` or `prefix."name"`; `undefined` when something else stands here. */
  private name(prefix: string): string | undefined {
    const token = this.peek();
    if (!token.value.startsWith(`${prefix}.`) || token.kind !== "word") return undefined;
    const following = this.tokens[this.index + 1];
    this.next();
    if (token.value.length > prefix.length + 1) return token.value.slice(prefix.length + 1);
    if (following?.kind !== "text" || !following.joined) throw this.unexpected(`a name after ${prefix}.`);
    return this.next().value;
  }

  private status(): RunFilter {
    this.next();
    const op = this.equality();
    const token = this.peek();
    if (!(runStatuses as readonly string[]).includes(token.value)) throw this.unexpected(runStatuses.join(", "));
    const filter: RunFilter = { status: this.next().value as RunStatus };
    return op === "=" ? filter : { not: filter };
  }

  private started(): RunFilter {
    this.next();
    const op = this.operator();
    const token = this.peek();
    const milliseconds = parseMoment(token.value);
    if (milliseconds === undefined || token.kind === "end")
      throw this.unexpected("a time such as 2026-01-31 or 2026-01-31T10:00:00Z");
    this.next();
    if (op === ">") return { startedAfterMs: milliseconds };
    if (op === "<") return { startedBeforeMs: milliseconds };
    throw filterError(this.source, token.start, "started > or started <", `started ${op}`);
  }

  private operator(): Comparison {
    const token = this.peek();
    if (token.kind !== "operator" || !comparisons.includes(token.value)) throw this.unexpected(comparisons.join(" "));
    return this.next().value as Comparison;
  }

  private equality(): "=" | "!=" {
    const token = this.peek();
    if (token.kind !== "operator" || (token.value !== "=" && token.value !== "!=")) throw this.unexpected("= or !=");
    return this.next().value as "=" | "!=";
  }

  private expectOperator(sign: string): void {
    const token = this.peek();
    if (token.kind !== "operator" || token.value !== sign) throw this.unexpected(sign);
    this.next();
  }

  private number(): number {
    const token = this.peek();
    const number = token.kind === "word" ? parseNumber(token.value) : undefined;
    if (number === undefined) throw this.unexpected("a number");
    this.next();
    return number;
  }

  private leaf(): Leaf {
    const token = this.peek();
    if (token.kind !== "word") return this.anyText("a value");
    this.next();
    if (token.value === "true" || token.value === "false") return token.value === "true";
    if (token.value === "null") return null;
    return parseNumber(token.value) ?? token.value;
  }

  private anyText(what: string): string {
    const token = this.peek();
    if (token.kind !== "word" && token.kind !== "text") throw this.unexpected(what);
    return this.next().value;
  }

  private isKeyword(keyword: string): boolean {
    const token = this.peek();
    return token.kind === "word" && token.value.toLowerCase() === keyword;
  }

  private peek(): Token {
    return this.tokens[this.index] as Token;
  }

  private next(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  private unexpected(expected: string): Error {
    const token = this.peek();
    const got = token.kind === "end" ? "the end of the filter" : JSON.stringify(token.value);
    return filterError(this.source, token.start, expected, got);
  }
}

/** A number as filters write it; `undefined` for other words. */
export function parseNumber(word: string): number | undefined {
  if (/^[+-]?Infinity$/.test(word) || word === "NaN") return Number(word);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : undefined;
}

/** Milliseconds since 1970, `2026-01-31`, or a full ISO 8601 time with its zone; a time without one is UTC. */
function parseMoment(text: string): number | undefined {
  const milliseconds = parseNumber(text);
  if (milliseconds !== undefined) return Number.isFinite(milliseconds) ? milliseconds : undefined;
  const match = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (match === null) return undefined;
  const parsed = Date.parse(match[1] !== undefined && match[4] === undefined ? `${text}Z` : text);
  return Number.isNaN(parsed) ? undefined : parsed;
}
