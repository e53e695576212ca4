import { DeepwrightError } from "@deepwright/core";

/** The file is not what it says, or ends too early. */
export function arrayFileInvalid(path: string, expected: string, got: string, cause?: unknown): DeepwrightError {
  return new DeepwrightError({
    code: "ARRAY_FILE_INVALID",
    expected: `${expected} in ${JSON.stringify(path)}`,
    got,
    todo: "Write the file again, or fetch it again.",
    details: { file: path },
    cause,
  });
}

export function arrayFileMissing(path: string, cause: unknown): DeepwrightError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeepwrightError({
    code: "DATA_FILE_MISSING",
    kind: "not-found",
    expected: `a file or folder ${JSON.stringify(path)} that can be read`,
    got: reason,
    todo: "Check the path and its permissions.",
    details: { file: path },
    cause,
  });
}

/** Reading it would take more memory than allowed. */
export function arrayTooLarge(path: string, what: string, bytes: number, limit: number): DeepwrightError {
  return new DeepwrightError({
    code: "ARRAY_TOO_LARGE",
    expected: `${what} of ${JSON.stringify(path)} within ${limit.toLocaleString("en-US")} bytes`,
    got: `${bytes.toLocaleString("en-US")} bytes`,
    todo: "Check that the declared shape is right; then give more memory, or write smaller chunks.",
    details: { file: path, bytes, limit },
  });
}

export function arrayUnsupported(path: string, what: string, todo: string): DeepwrightError {
  return new DeepwrightError({
    code: "ARRAY_FORMAT_UNSUPPORTED",
    expected: "an array format that can be read: Zarr, NetCDF, HDF5, GeoTIFF, .npy or .npz",
    got: `${what} in ${JSON.stringify(path)}`,
    todo,
    details: { file: path },
  });
}

/** What `load` gives; a package that is not installed is named. */
export async function loadReader<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as { readonly code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new DeepwrightError({
      code: "PACKAGE_NOT_INSTALLED",
      expected: `the package ${name}, which reads this format`,
      got: "no such package",
      todo: `Run \`npm install ${name}\`.`,
      cause,
    });
  }
}
