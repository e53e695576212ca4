import type { PoolClient } from "pg";

/** A type of the server, as far as values need it. */
export interface PostgresType {
  readonly oid: number;
  readonly name: string;
  /** OID of the type of the elements of an array; 0 for what is no array. */
  readonly elementOid: number;
  /** `e` enum, `d` domain, `c` composite, `b` base, `r` range; as in pg_type.typtype. */
  readonly category: string;
  /** OID of the type below a domain; 0 for others. */
  readonly baseOid: number;
}

export type TypeCatalog = (oid: number) => PostgresType;

/** Reads all types once; types made later are shown as text. */
export async function readTypeCatalog(client: PoolClient): Promise<TypeCatalog> {
  const { rows } = await client.query<[string, string, string, string, string]>({
    text: `SELECT oid::text, typname, CASE WHEN typoutput = 'array_out'::regproc THEN typelem ELSE 0 END::text, typtype::text, typbasetype::text
      FROM pg_catalog.pg_type`,
    rowMode: "array",
  });
  const types = new Map(
    rows.map(([oid, name, elementOid, category, baseOid]) => [
      Number(oid),
      { oid: Number(oid), name, elementOid: Number(elementOid), category, baseOid: Number(baseOid) },
    ]),
  );
  const resolve = (oid: number): PostgresType => {
    const type = types.get(oid);
    if (type === undefined) return { oid, name: "unknown", elementOid: 0, category: "b", baseOid: 0 };
    return type.category === "d" ? resolve(type.baseOid) : type;
  };
  return resolve;
}
