import { describe, expect, it } from "vitest";
import { hasOrder } from "./has-order.js";

describe("hasOrder", () => {
  it.each([
    "SELECT a FROM t ORDER BY a",
    "select a from t order\n by a limit 3",
    "WITH x AS (SELECT 1) SELECT * FROM x ORDER  BY 1",
  ])("sees it in %j", (sql) => {
    expect(hasOrder(sql)).toBe(true);
  });

  it.each([
    "SELECT a FROM t",
    "SELECT * FROM (SELECT a FROM t ORDER BY a) AS s",
    "SELECT row_number() OVER (ORDER BY a) FROM t",
    "SELECT 'ORDER BY' FROM t",
    'SELECT "ORDER BY" FROM t',
    "SELECT a FROM t -- ORDER BY a",
    "SELECT a /* ORDER BY a */ FROM t",
    "SELECT $x$ ORDER BY $x$ FROM t",
    "SELECT border, bygone FROM t",
  ])("sees none in %j", (sql) => {
    expect(hasOrder(sql)).toBe(false);
  });
});
