import { isDeepwrightError, newId } from "@deepwright/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entityId, fromGlobalId, toGlobalId } from "./global-id.js";

const uuid = fc.uuid().map((id) => id.toLowerCase());

describe("global ids", () => {
  it("come back as they went", () => {
    fc.assert(
      fc.property(fc.constantFrom("Run", "ModelVersion", "Dataset"), uuid, (type, id) => {
        expect(fromGlobalId(toGlobalId(type, id))).toEqual({ type, id });
        expect(entityId(toGlobalId(type, id), type)).toBe(id);
        expect(entityId(id, type)).toBe(id);
      }),
    );
  });

  it("refuse every other text with a typed error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          fromGlobalId(text);
        } catch (error) {
          expect(isDeepwrightError(error) && error.code).toBe("INVALID_ID");
          return;
        }
        expect.unreachable();
      }),
    );
  });

  it("refuse the id of another type", () => {
    const id = toGlobalId("Model", newId<"model">());
    expect(() => entityId(id, "Run")).toThrow("the global id of a Run");
  });
});
