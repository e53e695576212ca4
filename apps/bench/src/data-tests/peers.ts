import { bounds, countries, present, statuses } from "./table.js";

const data = JSON.stringify({ present, bounds, statuses, countries });

/** Prints seconds of work and memory, as `usage.ts` does. Imports are done before the clock starts. */
const frame = (imports: string, work: string): string => `
import json, resource, sys, time, warnings, logging
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
${imports}
d = json.loads(${JSON.stringify(data)})
path = sys.argv[1]
def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime
start_cpu, start_wall = cpu(), time.perf_counter()
${work}
print(json.dumps({"passed": bool(passed), "checks": checks, "cpuSeconds": cpu() - start_cpu, "wallSeconds": time.perf_counter() - start_wall,
  "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
`;

export const greatExpectationsVersion = "1.24.1";
export const panderaVersion = "0.35.0";

export const greatExpectationsProgram = frame(
  `import pandas as pd
import great_expectations as gx
import great_expectations.expectations as e
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}`,
  `df = pd.read_parquet(path)
x = [e.ExpectColumnValuesToNotBeNull(column=c) for c in d["present"]]
x += [e.ExpectColumnValuesToBeBetween(column=c, min_value=a, max_value=b) for c, a, b in d["bounds"]]
x += [
  e.ExpectColumnValuesToBeInSet(column="status", value_set=d["statuses"]),
  e.ExpectColumnValuesToBeInSet(column="country", value_set=d["countries"]),
  e.ExpectColumnValuesToMatchRegex(column="sku", regex="^[A-Z]{3}-[0-9]{5}$"),
  e.ExpectColumnValuesToMatchRegex(column="country", regex="^[A-Z]{2}$"),
  e.ExpectColumnValueLengthsToBeBetween(column="sku", min_value=9, max_value=9),
  e.ExpectColumnValueLengthsToBeBetween(column="country", min_value=2, max_value=2),
  e.ExpectColumnValueLengthsToBeBetween(column="note", max_value=40),
  e.ExpectColumnValuesToBeUnique(column="id"),
  e.ExpectColumnMeanToBeBetween(column="amount", min_value=490, max_value=510),
  e.ExpectColumnMeanToBeBetween(column="rating", min_value=2.4, max_value=2.6),
  e.ExpectColumnMeanToBeBetween(column="age", min_value=59, max_value=61),
  e.ExpectColumnStdevToBeBetween(column="amount", min_value=280, max_value=300),
  e.ExpectColumnMedianToBeBetween(column="price", min_value=440, max_value=480),
  e.ExpectColumnSumToBeBetween(column="quantity", min_value=1),
  e.ExpectColumnPairValuesAToBeGreaterThanB(column_A="price", column_B="cost", or_equal=True),
  e.ExpectColumnUniqueValueCountToBeBetween(column="status", min_value=5, max_value=5),
]
checks = len(x)
batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b").get_batch({"dataframe": df})
passed = batch.validate(gx.ExpectationSuite(name="s", expectations=x), result_format="BASIC").success`,
);

export const panderaProgram = frame(
  `import polars as pl
import pandera.polars as pa`,
  `df = pl.read_parquet(path)
cols = {c: [] for c in df.columns}
def add(c, check):
    cols[c].append(check)
for c, a, b in d["bounds"]:
    add(c, pa.Check.in_range(a, b))
add("status", pa.Check.isin(d["statuses"]))
add("country", pa.Check.isin(d["countries"]))
add("sku", pa.Check.str_matches("^[A-Z]{3}-[0-9]{5}$"))
add("country", pa.Check.str_matches("^[A-Z]{2}$"))
add("sku", pa.Check.str_length(9, 9))
add("country", pa.Check.str_length(2, 2))
add("note", pa.Check.str_length(None, 40))
def whole(expression):
    return pa.Check(lambda data: data.lazyframe.select(expression))
frame_checks = [
  whole(pl.col("amount").mean().is_between(490, 510)),
  whole(pl.col("rating").mean().is_between(2.4, 2.6)),
  whole(pl.col("age").mean().is_between(59, 61)),
  whole(pl.col("amount").std().is_between(280, 300)),
  whole(pl.col("price").median().is_between(440, 480)),
  whole(pl.col("quantity").sum() >= 1),
  whole(pl.col("cost") <= pl.col("price")),
  whole(pl.col("status").n_unique() == 5),
]
schema = pa.DataFrameSchema(
  {c: pa.Column(nullable=c not in d["present"], unique=c == "id", checks=cols[c]) for c in df.columns}, checks=frame_checks)
checks = len(d["present"]) + sum(map(len, cols.values())) + len(frame_checks) + 1
schema.validate(df)
passed = True`,
);
