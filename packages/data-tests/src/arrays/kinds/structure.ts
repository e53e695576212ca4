import { z } from "zod";
import { boundsShape, describeBounds, someBound } from "../../suite/common.js";
import type { ArrayVariable, AttributeValue } from "../array-file.js";
import type { Outcome } from "../scan/scan-check.js";
import { type ArrayPlan, arrayKind, arrayShape, variableShape } from "./array-kind.js";

const decided = (variable: ArrayVariable, expected: string, outcome: Outcome): ArrayPlan => ({
  by: "facts",
  about: [variable.name],
  expected: `${JSON.stringify(variable.name)} to ${expected}`,
  outcome,
});

export const hasVariables = arrayKind({
  expects: "named arrays to be in the file",
  options: z.strictObject({ ...arrayShape, variables: z.array(z.string().min(1)).min(1) }),
  plan({ variables }, { file }) {
    const absent = variables.filter((name) => !file.variables.has(name));
    return {
      by: "facts",
      about: variables,
      expected: `the file to hold ${variables.map((name) => JSON.stringify(name)).join(", ")}`,
      outcome: {
        passed: absent.length === 0,
        observed: [...file.variables.keys()],
        considered: variables.length,
        failing: absent.length,
        sample: absent.map((variable) => ({ variable })),
        unit: "array",
      },
    };
  },
});

export const shapeEquals = arrayKind({
  expects: "the lengths of all dimensions; `null` for any length",
  options: z.strictObject({ ...variableShape, shape: z.array(z.int().min(0).nullable()) }),
  plan({ shape, variable: name }, context) {
    const variable = context.variable(name);
    const passed =
      shape.length === variable.shape.length &&
      shape.every((length, index) => length === null || length === variable.shape[index]);
    const expected = `have the shape ${shape.map((length) => length ?? "any").join(" x ")}`;
    return decided(variable, expected, { passed, observed: variable.shape.join(" x ") });
  },
});

export const dimensionsEqual = arrayKind({
  expects: "the names of all dimensions, in order",
  options: z.strictObject({ ...variableShape, dimensions: z.array(z.string().min(1)) }),
  plan({ dimensions, variable: name }, context) {
    const variable = context.variable(name);
    const passed = dimensions.join("\0") === variable.dimensions.join("\0");
    return decided(variable, `have the dimensions ${dimensions.join(", ")}`, {
      passed,
      observed: variable.dimensions.join(", "),
    });
  },
});

export const dimensionLengthBetween = arrayKind({
  expects: "the length of a dimension to be within bounds",
  options: z
    .strictObject({ ...variableShape, dimension: z.string().min(1), ...boundsShape })
    .refine(someBound, "min or max is needed"),
  plan({ dimension, min, max, variable: name }, context) {
    const variable = context.variable(name);
    const length = variable.shape[context.dimension(variable, dimension)] as number;
    const passed = length >= (min ?? 0) && length <= (max ?? Number.POSITIVE_INFINITY);
    return decided(variable, `have a length of ${dimension} ${describeBounds(min, max)}`, { passed, observed: length });
  },
});

export const dtypeInSet = arrayKind({
  expects: "elements of one of some types",
  options: z.strictObject({ ...variableShape, types: z.array(z.string().min(1)).min(1) }),
  plan({ types, variable: name }, context) {
    const variable = context.variable(name);
    const passed = types.includes(variable.type);
    return decided(variable, `hold elements of ${types.join(" or ")}`, { passed, observed: variable.type });
  },
});

const attributeValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);

const sameAttribute = (left: AttributeValue | undefined, right: AttributeValue): boolean => {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, index) => sameAttribute(each, right[index] ?? null));
  }
  return left !== undefined && (Object.is(left, right) || left === right);
};

export const attributeEquals = arrayKind({
  expects: "an attribute to have a value",
  options: z.strictObject({ ...variableShape, attribute: z.string().min(1), value: attributeValue }),
  plan({ attribute, value, variable: name }, context) {
    const variable = context.variable(name);
    const found = Object.hasOwn(variable.attributes, attribute) ? variable.attributes[attribute] : undefined;
    return decided(variable, `have the attribute ${attribute} = ${JSON.stringify(value)}`, {
      passed: sameAttribute(found, value),
      observed: found === undefined ? null : JSON.stringify(found),
      ...(found === undefined && { reason: "there is none" }),
    });
  },
});

export const unitsEqual = arrayKind({
  expects: "the attribute `units` to be exactly this",
  options: z.strictObject({ ...variableShape, units: z.string().min(1) }),
  plan({ units, variable: name }, context) {
    const variable = context.variable(name);
    const found = variable.attributes.units;
    return decided(variable, `be in ${JSON.stringify(units)}`, {
      passed: found === units,
      observed: typeof found === "string" ? found : null,
      ...(found === undefined && { reason: "it names no units" }),
    });
  },
});

export const missingMarkerEquals = arrayKind({
  expects:
    "the value that stands for a missing one (`_FillValue`, `missing_value`, the nodata of a raster); `.nan` or `NaN` for NaN",
  options: z.strictObject({ ...variableShape, value: z.union([z.number(), z.nan(), z.literal("NaN")]) }),
  plan({ value, variable: name }, context) {
    const variable = context.variable(name);
    const wanted = value === "NaN" ? Number.NaN : value;
    const { markers } = context.decoding(variable);
    const rounded = variable.type === "float32" || variable.type === "float16" ? Math.fround(wanted) : wanted;
    return decided(variable, `mark missing values by ${wanted}`, {
      passed: markers.length > 0 && markers.every((marker) => Object.is(marker, rounded) || marker === rounded),
      observed: markers.join(", "),
      ...(markers.length === 0 && { reason: "it names no marker" }),
    });
  },
});
