import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));

function launch(argv: readonly string[]): ChildProcess {
  const environment = { ...process.env };
  delete environment.DEEPWRIGHT_TOKEN;
  delete environment.DEEPWRIGHT_STORE;
  delete environment.NODE_ENV;
  return spawn(process.execPath, [program, ...argv], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
}

/** A gateway as users run it: a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  /** What it wrote on standard error so far. */
  complaints(): string;
  /** Sends a signal and gives the exit status; `null` when the signal itself ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const started = new Set<ChildProcess>();

/** Ends what a test left running; for `afterAll`. */
export async function endGateways(): Promise<void> {
  for (const child of started) {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
}

/** Starts a gateway and waits until it says where it listens. */
export async function startGatewayProcess(...argv: readonly string[]): Promise<GatewayProcess> {
  const child = launch(argv);
  started.add(child);
  let complaint = "";
  child.stderr?.on("data", (part: Buffer) => {
    complaint += part.toString();
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => {
      started.delete(child);
      resolve(code);
    });
  });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stdout?.on("data", (part: Buffer) => {
      printed += part.toString();
      const found = /http:\/\/\S+/.exec(printed)?.[0];
      if (found) resolve(found);
    });
    void exited.then((code) => reject(new Error(`the gateway ended with ${code}: ${complaint}`)));
  });
  return {
    url,
    complaints: () => complaint,
    async end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs the program to its end. */
export async function runGatewayProgram(
  ...argv: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = launch(argv);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (part: Buffer) => {
      output += part.toString();
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** Calls a method over HTTP; throws on any failure. */
export async function callRpc<Result>(url: string, path: string, input: unknown): Promise<Result> {
  const response = await fetch(`${url}/rpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as Result;
}
