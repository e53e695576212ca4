import { Agent, request } from "node:http";

/** One HTTP connection, kept alive, one request at a time: the same client for every server that is measured. */
export interface JsonClient {
  post(path: string, body: string): Promise<string>;
  get(path: string): Promise<string>;
  close(): void;
}

/** @throws Error with the status and the start of the body when the answer is no 2xx */
export function jsonClient(baseUrl: string, headers: Readonly<Record<string, string>> = {}): JsonClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true } as ConstructorParameters<typeof Agent>[0]);
  const send = (method: string, path: string, body?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, baseUrl),
        {
          method,
          agent,
          headers: {
            ...headers,
            ...(body === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            const status = incoming.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(text);
            else reject(new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`));
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  return {
    post: (path, body) => send("POST", path, body),
    get: (path) => send("GET", path),
    close: () => agent.destroy(),
  };
}
