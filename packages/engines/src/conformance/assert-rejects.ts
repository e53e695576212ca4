import assert from "node:assert/strict";
import { isDeepwrightError } from "@deepwright/core";

/** Fails unless `work` throws the typed error with this code. */
export async function assertRejects(work: () => Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isDeepwrightError(error), `a typed error, not ${error}`);
    assert.equal(error.code, code, error.message);
    return true;
  });
}
