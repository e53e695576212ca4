import type { QueryEngine } from "@deepwright/engines";
import { requireInteger } from "../arguments.js";
import { dialectOf } from "./dialects/dialect.js";
import { invalidArgument, queryRefused } from "./errors.js";
import { type Fragment, join, sql, text, whole } from "./fragment.js";
import { columnMissing, type OpenColumn, type OpenDataSet } from "./open-data-set.js";
import type { PrivateQuery } from "./query.js";

export interface JoinedSources {
  readonly dataSets: readonly OpenDataSet[];
  readonly person: OpenColumn;
  /** A column by its name, or `dataSet.column`; remembers that it is used. */
  column(name: string): OpenColumn;
  /** FROM clause with the columns that were asked for so far. */
  from(salt: number): Fragment;
}

/**
 * A data set with others joined to it where the person is the same. Of a joined one a person has a limited number of rows,
 * so that one person's rows can't multiply without end; which ones depends on the values of the used columns only.
 *
 * @throws DeepwrightError `DATA_SET_MISSING`, `COLUMN_MISSING`, `INVALID_ARGUMENT`
 */
export function joinedSources(
  engine: QueryEngine,
  opened: ReadonlyMap<string, OpenDataSet>,
  query: PrivateQuery,
): JoinedSources {
  const find = (name: string): OpenDataSet => {
    const found = opened.get(name);
    if (found === undefined) {
      throw queryRefused("DATA_SET_MISSING", "the name of a data set", JSON.stringify(name), "Name an open data set");
    }
    return found;
  };
  const first = find(query.from);
  const joins = (query.join ?? []).map(({ dataSet, rowsPerPerson = 1 }) => ({
    opened: find(dataSet),
    rows: requireInteger("rowsPerPerson", rowsPerPerson, 1),
  }));
  const dataSets = [first, ...joins.map((each) => each.opened)];
  if (new Set(dataSets).size < dataSets.length) throw invalidArgument("each data set once", "one twice");
  for (const { person } of dataSets) {
    if (person.family !== first.person.family) {
      throw invalidArgument("persons of one type in all joined data sets", `${first.person.type} and ${person.type}`);
    }
  }
  const used = new Set<OpenColumn>();
  const dialect = dialectOf(engine);
  const joinedItem = ({ opened: { from, person, dataSet }, rows }: (typeof joins)[number], salt: number): Fragment => {
    const alias = text((person.value.pieces[0] as string).split(".", 1)[0] as string);
    const columns = [...used].filter((column) => column.dataSet === dataSet).map((column) => column.value);
    const order =
      columns.length > 0 ? join([dialect.scatter(salt, [person.value, ...columns]), ...columns], ", ") : person.value;
    const place = sql`ROW_NUMBER() OVER (PARTITION BY ${person.value} ORDER BY ${order}) AS deepwright_place`;
    return sql` JOIN (SELECT ${alias}.*, ${place} FROM ${from}) AS ${alias} ON ${alias}.deepwright_place <= ${whole(rows)} AND ${person.comparable} = ${first.person.comparable}`;
  };
  return {
    dataSets,
    person: first.person,
    column(name) {
      const candidates = dataSets.flatMap(({ dataSet, columns }) => {
        const own = name.startsWith(`${dataSet.name}.`) ? columns.get(name.slice(dataSet.name.length + 1)) : undefined;
        return [columns.get(name), own].filter((column) => column !== undefined);
      });
      const [found, other] = candidates;
      if (found === undefined)
        throw columnMissing(
          name,
          dataSets.flatMap(({ columns }) => [...columns.keys()]),
        );
      if (other !== undefined) {
        throw invalidArgument(
          `${JSON.stringify(name)} to be a column of one data set`,
          "several",
          "Write dataSet.column",
        );
      }
      used.add(found);
      return found;
    },
    from: (salt) => join([first.from, ...joins.map((each) => joinedItem(each, salt))], ""),
  };
}
