import { DeepwrightError } from "@deepwright/core";

export type DataTests = typeof import("@deepwright/data-tests");

/**
 * Data tests are a package of their own: who records runs only need not install it.
 *
 * @throws DeepwrightError `PACKAGE_NOT_INSTALLED`
 */
export async function loadDataTests(): Promise<DataTests> {
  try {
    return await import("@deepwright/data-tests");
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (code !== "ERR_MODULE_NOT_FOUND" || !String(message).includes("@deepwright/data-tests")) throw error;
    throw new DeepwrightError({
      code: "PACKAGE_NOT_INSTALLED",
      expected: "the package @deepwright/data-tests, which `deepwright test` needs",
      got: "no such package",
      todo: "Run `npm install @deepwright/data-tests`, and the engine's client: @duckdb/node-api, pg, or @grpc/grpc-js with @grpc/proto-loader and apache-arrow.",
      cause: error,
    });
  }
}
