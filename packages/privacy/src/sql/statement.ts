import type { Dialect } from "./dialects/dialect.js";
import { all, bound, type Fragment, join, sql, text, whole } from "./fragment.js";
import { type BinTable, type GridValue, type Measure, rowRange, rowWeight, squareOffset } from "./measure.js";
import type { OpenColumn } from "./open-data-set.js";

/** What is read, and how far each person counts in it. */
export interface BoundedSource {
  readonly dialect: Dialect;
  /** FROM clause with all joins. */
  readonly from: Fragment;
  readonly person: OpenColumn;
  readonly conditions: readonly Fragment[];
  readonly keys: readonly OpenColumn[];
  /** In how many groups a person counts. */
  readonly groupsPerPerson: number;
  /** As how many rows in each. */
  readonly rowsPerGroup: number;
  /** Chooses which groups of a person count. */
  readonly salt: number;
}

const name = (prefix: string, index: number): Fragment => text(`${prefix}${index}`);
const named = (expression: Fragment, alias: Fragment): Fragment => sql`${expression} AS ${alias}`;
const list = (parts: readonly Fragment[]): Fragment => join(parts, ", ");
const double = (value: number): Fragment => bound(value, "double");

/** Rows with person `p`, keys `k0`.. and further columns. */
function rowsOf(source: BoundedSource, further: readonly Fragment[]): Fragment {
  const keys = source.keys.map((key, index) => named(key.comparable, name("k", index)));
  const columns = [named(source.person.comparable, text("p")), ...keys, ...further];
  return sql`SELECT ${list(columns)} FROM ${source.from} WHERE ${all(source.conditions)}`;
}

const keyNames = (source: BoundedSource): Fragment[] => source.keys.map((_, index) => name("k", index));

/** Which of a person's groups this is, in an order that depends on nothing of anybody else. */
function place(source: BoundedSource, rank: string): Fragment {
  const keys = keyNames(source);
  const order = list([source.dialect.scatter(source.salt, [text("p"), ...keys]), ...keys]);
  return sql`${text(rank)}() OVER (PARTITION BY p ORDER BY ${order}) AS place`;
}

/** Known places of the answer: keys as text, then the integers. */
function totals(
  source: BoundedSource,
  from: Fragment,
  columns: readonly Fragment[],
  extra: readonly Fragment[],
): Fragment {
  const { dialect } = source;
  const keys = [...keyNames(source), ...extra];
  const shown = [
    ...keyNames(source).map((key) => named(dialect.toText(key), key)),
    ...extra,
    ...columns.map((column, index) => named(dialect.toText(dialect.exactSum(column)), name("m", index))),
  ];
  const where = source.keys.length > 0 ? sql` WHERE place <= ${whole(source.groupsPerPerson)}` : sql``;
  const groups = keys.length > 0 ? sql` GROUP BY ${list(keys)}` : sql``;
  return sql`SELECT ${list(shown)} FROM (${from}) AS kept${where}${groups}`;
}

/** A double in whole steps between the bounds: every branch is safe for every value that reaches it. */
function inGrid(value: Fragment, { grid, clip }: GridValue, dialect: Dialect): Fragment {
  const { step } = grid;
  // A person's total is clipped afterwards; its rows only so far that their sum can't overflow.
  const far = 1e12;
  const [least, most] = clip === "row" ? [grid.least, grid.most] : [-far, far];
  const [lower, upper] = clip === "row" ? [grid.lower, grid.upper] : [-far * step, far * step];
  const steps = dialect.integer(sql`floor(${value} / ${double(step)} + ${double(0.5)})`);
  // Near zero the quotient may be too small for a double, which Postgres reports.
  const tiny = sql`${value} > ${double(-step / 4)} AND ${value} < ${double(step / 4)}`;
  return sql`CASE WHEN ${value} <= ${double(lower)} THEN ${whole(least)} WHEN ${value} >= ${double(upper)} THEN ${whole(most)} WHEN ${tiny} THEN 0 ELSE ${steps} END`;
}

/** What a person with more rows than the limit counts as: the limit's share of all rows, rounded down and kept in bounds. */
function weighed(sum: Fragment, rows: Fragment, range: readonly [number, number], source: BoundedSource): Fragment {
  const { dialect, rowsPerGroup } = source;
  const limit = whole(rowsPerGroup);
  const share = sql`floor(${dialect.wholeAsDouble(sum)} * ${double(rowsPerGroup)} / ${dialect.wholeAsDouble(sql`nullif(${rows}, 0)`)})`;
  const [least, most] = range.map((bound) => double(bound * rowsPerGroup)) as [Fragment, Fragment];
  return sql`CASE WHEN ${rows} <= ${limit} THEN ${sum} ELSE ${dialect.integer(sql`greatest(${least}, least(${most}, ${share}))`)} END`;
}

/** The statement whose answer is, for each group, the measures without noise. */
export function totalsStatement(
  source: BoundedSource,
  values: readonly GridValue[],
  measures: readonly Measure[],
): Fragment {
  const { dialect } = source;
  const rows = rowsOf(
    source,
    values.map(({ column }, index) => named(dialect.double(column.value, column.family), name("x", index))),
  );
  const steps = [
    text("p"),
    ...keyNames(source),
    ...values.map((value, index) => named(inGrid(name("x", index), value, dialect), name("v", index))),
  ];
  const stepRows = values.length > 0 ? sql`(SELECT ${list(steps)} FROM (${rows}) AS raw)` : sql`(${rows})`;
  const perPerson = [
    text("p"),
    ...keyNames(source),
    text("count(*) AS n"),
    ...values.map((_, index) => named(sql`count(${name("v", index)})`, name("n", index))),
    ...measures.flatMap((measure, index) => {
      const sum = personSum(measure, values);
      return sum === null ? [] : [named(sql`coalesce(${dialect.exactSum(sum)}, 0)`, name("s", index))];
    }),
  ];
  const people = sql`SELECT ${list(perPerson)} FROM ${stepRows} AS counted GROUP BY ${list([text("p"), ...keyNames(source)])}`;
  const kept =
    source.keys.length > 0 ? sql`SELECT people.*, ${place(source, "ROW_NUMBER")} FROM (${people}) AS people` : people;
  const columns = measures.map((measure, index) => contribution(measure, index, values, source));
  return totals(source, kept, columns, []);
}

/** What is summed over a person's rows in a group. */
function personSum(measure: Measure, values: readonly GridValue[]): Fragment | null {
  if (measure.kind === "people" || measure.kind === "rows" || measure.kind === "present") return null;
  const value = name("v", measure.value);
  if (measure.kind === "person-sum") return value;
  const centered = sql`(${value} - ${whole(measure.offset)})`;
  if (measure.kind === "sum") return centered;
  const { grid } = values[measure.value] as GridValue;
  return sql`(${centered} * ${centered} - ${whole(squareOffset(grid, measure.offset))})`;
}

/** What a person adds to a group's measure. */
function contribution(measure: Measure, index: number, values: readonly GridValue[], source: BoundedSource): Fragment {
  const limit = whole(source.rowsPerGroup);
  if (measure.kind === "people") return text("1");
  if (measure.kind === "rows") return sql`least(n, ${limit})`;
  if (measure.kind === "present") return sql`least(${name("n", measure.value)}, ${limit})`;
  const sum = name("s", index);
  const range = rowRange(measure, values);
  if (measure.kind === "person-sum") {
    return sql`CASE WHEN ${sum} <= ${whole(range[0])} THEN ${whole(range[0])} WHEN ${sum} >= ${whole(range[1])} THEN ${whole(range[1])} ELSE ${sum} END`;
  }
  return weighed(sum, name("n", measure.value), range, source);
}

function binOf(value: Fragment, { bins }: BinTable, dialect: Dialect): Fragment {
  if (bins.kind === "edges") {
    // A bin's upper edge belongs to the next one; the last bin takes the rest.
    const cases = bins.edges
      .slice(1, -1)
      .map((edge, index) => sql`WHEN ${value} < ${double(edge)} THEN ${whole(index)}`);
    const last = whole(bins.edges.length - 2);
    return sql`CASE WHEN ${value} IS NULL THEN NULL ${join([...cases, sql`ELSE ${last}`], " ")} END`;
  }
  const { lower, upper, count } = bins;
  const width = double((upper - lower) / count);
  const offset = sql`(${value} - ${double(lower)})`;
  const index = dialect.integer(sql`least(${double(count - 1)}, floor(${offset} / ${width}))`);
  return sql`CASE WHEN ${value} IS NULL THEN NULL WHEN ${value} <= ${double(lower)} THEN 0 WHEN ${value} >= ${double(upper)} THEN ${whole(count - 1)} WHEN ${offset} < ${width} THEN 0 ELSE ${index} END`;
}

/** The statement whose answer is, for each group and bin `b` that is not empty, the weight of its rows. */
export function binsStatement(source: BoundedSource, table: BinTable): Fragment {
  const { dialect, rowsPerGroup } = source;
  const keys = keyNames(source);
  const value = dialect.double(table.column.value, table.column.family);
  const rows = rowsOf(source, [named(value, text("x"))]);
  const inBins = sql`SELECT ${list([text("p"), ...keys, named(binOf(text("x"), table, dialect), text("b"))])} FROM (${rows}) AS raw`;
  const groups = list([text("p"), ...keys, text("b")]);
  const counts = sql`SELECT ${groups}, count(*) AS c FROM (${inBins}) AS placed WHERE b IS NOT NULL GROUP BY ${groups}`;
  const window = sql`sum(c) OVER (PARTITION BY ${list([text("p"), ...keys])}) AS n`;
  const ranks = source.keys.length > 0 ? sql`, ${place(source, "DENSE_RANK")}` : sql``;
  const people = sql`SELECT ${groups}, c, ${window}${ranks} FROM (${counts}) AS counts`;
  const most = double(rowsPerGroup * rowWeight);
  const share = sql`least(${most}, floor(${dialect.wholeAsDouble(text("c"))} * ${most} / ${dialect.wholeAsDouble(sql`nullif(n, 0)`)}))`;
  const weight = sql`CASE WHEN n <= ${whole(rowsPerGroup)} THEN c * ${whole(rowWeight)} ELSE ${dialect.integer(share)} END`;
  return totals(source, people, [weight], [text("b")]);
}
