import type { ComponentMap, Leaf } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkConfiguration, inferConfigurationSchema, parseConfigurationSchema } from "./schema.js";

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const configuration: fc.Arbitrary<ComponentMap> = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,3}(\/[a-z0-9]{1,3}){0,2}$/),
  leaf,
  { maxKeys: 8 },
);

describe("inferConfigurationSchema", () => {
  it("accepts every configuration that it was inferred from", () => {
    fc.assert(
      fc.property(fc.array(configuration, { minLength: 1, maxLength: 8 }), (configurations) => {
        const schema = inferConfigurationSchema(configurations);
        for (const entry of configurations) expect(checkConfiguration(entry, schema)).toEqual([]);
      }),
    );
  });

  it("bounds nothing where ten times the largest value is no number", () => {
    const { keys } = inferConfigurationSchema([{ "api/a": 1.7e308, "api/b": -1.7e308 }]);
    expect(keys["api/a"]).toEqual({ types: ["integer"], required: true, minimum: 1.7e307 });
    expect(keys["api/b"]).toEqual({ types: ["integer"], required: true, maximum: -1.7e307 });
  });

  it.each([
    "arguments/--seed",
    "arguments/--data-seed",
    "api/random_state",
    "files/train.yaml/model/seed",
    "api/seeds/0",
  ])("gives %s no range: a seed is a name and no amount", (path) => {
    const schema = inferConfigurationSchema([{ [path]: 1 }, { [path]: 7 }]);
    for (const seed of [0, 12_345, 2 ** 53 - 1]) expect(checkConfiguration({ [path]: seed }, schema)).toEqual([]);
    expect(checkConfiguration({ [path]: "many" }, schema)).toMatchObject([{ rule: "type" }]);
  });

  it.each(["arguments/--seed-count", "api/seedling", "arguments/--epochs"])("bounds %s", (path) => {
    const schema = inferConfigurationSchema([{ [path]: 1 }, { [path]: 7 }]);
    expect(checkConfiguration({ [path]: 12_345 }, schema)).toMatchObject([{ rule: "maximum" }]);
  });

  it("survives a round trip through its file", () => {
    fc.assert(
      fc.property(fc.array(configuration, { maxLength: 5 }), (configurations) => {
        const schema = inferConfigurationSchema(configurations);
        expect(parseConfigurationSchema(JSON.parse(JSON.stringify(schema)), "x.json")).toEqual(
          JSON.parse(JSON.stringify(schema)),
        );
      }),
    );
  });
});

describe("checkConfiguration", () => {
  const schema = inferConfigurationSchema(
    [1e-3, 1e-2, 3e-3, 5e-3, 2e-3].map((rate, index) => ({
      "files/a.yaml/learning_rate": rate,
      "files/a.yaml/shuffle": false,
      "files/a.yaml/optimizer": index % 2 ? "adam" : "sgd",
      "files/a.yaml/layers/0": 64,
    })),
  );
  const good = {
    "files/a.yaml/learning_rate": 4e-3,
    "files/a.yaml/shuffle": true,
    "files/a.yaml/optimizer": "adam",
    "files/a.yaml/layers/0": 32,
    "files/a.yaml/layers/1": 16,
  };

  it("takes new values of the right kind and size, and longer lists", () => {
    expect(checkConfiguration(good, schema)).toEqual([]);
  });

  it.each([
    [{ "files/a.yaml/learning_rate": 4 }, "maximum", "at most 0.1"],
    [{ "files/a.yaml/learning_rate": Number.NaN }, "minimum", "at least 0.0001"],
    [{ "files/a.yaml/learning_rate": "0.004" }, "type", "number"],
    [{ "files/a.yaml/shuffle": "no" }, "type", "boolean"],
    [{ "files/a.yaml/optimizer": "adm" }, "value", 'one of "adam", "sgd"'],
  ] as const)("refuses %j by its %s", (change, rule, expected) => {
    expect(checkConfiguration({ ...good, ...change }, schema)).toMatchObject([{ rule, expected }]);
  });

  it("names the key that a misspelled one stands for, and the missing one", () => {
    const { "files/a.yaml/shuffle": _, ...rest } = good;
    const violations = checkConfiguration({ ...rest, "files/a.yaml/shufle": true }, schema);
    expect(violations.map(({ rule, path }) => [rule, path])).toEqual([
      ["unknown-key", "files/a.yaml/shufle"],
      ["missing-key", "files/a.yaml/shuffle"],
    ]);
    expect(violations[0]?.suggestion).toBe("files/a.yaml/shuffle");
  });
});

describe("parseConfigurationSchema", () => {
  it("refuses another version with a typed error", () => {
    expect(() => parseConfigurationSchema({ schemaVersion: 2, keys: {} }, "x.json")).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIGURATION_SCHEMA" }),
    );
  });
});
