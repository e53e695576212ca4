import { DeepwrightError } from "@deepwright/core";

/** Where a Spark Connect server listens, and who asks. */
export interface SparkAddress {
  /** `host:port` */
  readonly target: string;
  readonly secure: boolean;
  readonly token: string | null;
  readonly user: string;
}

const defaultPort = 15002;

/**
 * Reads `sc://host:port/;use_ssl=true;token=...;user_id=...` as Spark's own clients write it (Spark Connect client
 * connection string); `spark://host:port` means the same here. A token is sent over TLS only, as those clients do.
 */
export function parseAddress(uri: string): SparkAddress {
  const match = /^(?:sc|spark):\/\/(\[[0-9a-f:.]+\]|[^/:;[\]\s]+)(?::(\d{1,5}))?\/?((?:;[^;]*)*)$/i.exec(uri);
  const port = Number(match?.[2] ?? defaultPort);
  if (match === null || port < 1 || port > 65_535) throw invalidAddress(uri);
  const settings = new Map(
    (match[3] ?? "")
      .split(";")
      .filter((setting) => setting !== "")
      .map((setting) => {
        const [name = "", ...value] = setting.split("=");
        return [name, decode(value.join("="), uri)] as const;
      }),
  );
  for (const name of settings.keys()) {
    if (!["use_ssl", "token", "user_id"].includes(name)) throw invalidAddress(uri);
  }
  const token = settings.get("token") ?? null;
  return {
    target: `${match[1]}:${port}`,
    secure: token !== null || settings.get("use_ssl") === "true",
    token,
    user: settings.get("user_id") ?? "deepwright",
  };
}

function decode(text: string, uri: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidAddress(uri);
  }
}

function invalidAddress(uri: string): DeepwrightError {
  return new DeepwrightError({
    code: "ENGINE_ADDRESS_INVALID",
    expected: "sc://host:port, with ;use_ssl=true, ;token=... and ;user_id=... behind a slash where they are needed",
    got: JSON.stringify(uri.replace(/;[\s\S]*$/, ";...")),
    todo: "Give the address of a Spark Connect server; its usual port is 15002.",
  });
}
