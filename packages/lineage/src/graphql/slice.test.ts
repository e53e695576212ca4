import { parse, visit } from "graphql";
import { describe, expect, it } from "vitest";
import { baseTypeDefs } from "./base/type-defs.js";
import { lineageTypeDefs } from "./slice.js";

/** Places whose meaning and unit a reader can't know without words. */
const described = [
  "FieldDefinition",
  "InputValueDefinition",
  "EnumValueDefinition",
  "ObjectTypeDefinition",
  "InputObjectTypeDefinition",
  "EnumTypeDefinition",
  "ScalarTypeDefinition",
  "InterfaceTypeDefinition",
] as const;

function undescribed(typeDefs: string): { readonly missing: string[]; readonly count: number } {
  const missing: string[] = [];
  let count = 0;
  const enter = (node: {
    readonly name: { readonly value: string };
    readonly description?: { readonly value: string };
  }) => {
    count += 1;
    if (!node.description || node.description.value.trim().length < 3) missing.push(node.name.value);
  };
  visit(parse(typeDefs, { noLocation: true }), Object.fromEntries(described.map((kind) => [kind, { enter }])));
  return { missing, count };
}

describe("the schema definition", () => {
  it("describes every type, field, argument and enum value", () => {
    const { missing, count } = undescribed(`${baseTypeDefs}\n${lineageTypeDefs}`);
    expect(count).toBeGreaterThan(400);
    expect(missing).toEqual([]);
  });

  it("would notice a field without words", () => {
    expect(undescribed('"""A thing."""\ntype Thing { size: Int }').missing).toEqual(["size"]);
  });

  it("gives every field with a measured number a unit in its words", () => {
    const unitless: string[] = [];
    visit(parse(lineageTypeDefs, { noLocation: true }), {
      FieldDefinition(node) {
        const type = JSON.stringify(node.type);
        if (!/"(Int|Float|MetricValue|Duration|Bytes)"/.test(type)) return;
        const unit =
          /unit|milliseconds|count|points|0 to|from 1|lowest|highest|NaN|Probability|Log-odds|code|Id of|Step|estimate|end of|last|number of/i;
        if (!unit.test(node.description?.value ?? "")) unitless.push(node.name.value);
      },
    });
    expect(unitless).toEqual([]);
  });
});
