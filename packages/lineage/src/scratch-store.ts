import { createRequire } from "node:module";
import type { PackageMigrations, Store } from "@deepwright/store";
const require = createRequire("/work/main/packages/store/package.json");
// biome-ignore-all lint: scratch
export async function scratchPglite(dir?: string): Promise<Store> {
  const { PGlite } = (await import(require.resolve("@electric-sql/pglite"))) as any;
  const db = await PGlite.create(dir);
  const q = (x: any) => async (text: string, params?: any[]) => {
    try {
      const r = await x.query(text, params?.map((p: any) => (Buffer.isBuffer(p) ? new Uint8Array(p) : p)));
      return r.rows;
    } catch (e: any) { e.details = { sqlState: e.code }; throw e; }
  };
  return {
    kind: "pglite", uri: "scratch", query: q(db),
    transaction: (work: any) => db.transaction((tx: any) => work({ query: q(tx) })),
    migrate: async (ms: PackageMigrations[]) => { for (const m of ms) for (const x of m.migrations) await db.exec(x.sql); },
    close: () => db.close(),
    listen: async (c: string, cb: any) => db.listen(c, cb),
  } as any;
}
export async function scratchPg(url: string): Promise<Store> {
  const pgm = (await import(require.resolve("pg"))) as any; const pg = pgm.default ?? pgm;
  pg.types.setTypeParser(20, Number);
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  const q = (x: any) => async (text: string, params?: any[]) => {
    try { return (await x.query(text, params?.map((p: any) => p instanceof Uint8Array ? Buffer.from(p) : p))).rows; }
    catch (e: any) { e.details = { sqlState: e.code }; throw e; }
  };
  return {
    kind: "postgres", uri: "scratch", query: q(pool),
    transaction: async (work: any) => { const c = await pool.connect(); try { await c.query("begin"); const r = await work({ query: q(c) }); await c.query("commit"); return r; } catch (e) { await c.query("rollback"); throw e; } finally { c.release(); } },
    migrate: async (ms: PackageMigrations[]) => { for (const m of ms) for (const x of m.migrations) await pool.query(x.sql); },
    close: () => pool.end(),
  } as any;
}
