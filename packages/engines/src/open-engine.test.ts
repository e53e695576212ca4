import { expect, it } from "vitest";
import { loadPeer } from "./load-peer.js";
import { openEngine } from "./open-engine.js";

it("says how to install a client that is absent", async () => {
  const name = "@deepwright/no-such-client";
  await expect(loadPeer(name, "the engine x", () => import(name))).rejects.toMatchObject({
    code: "ENGINE_NOT_INSTALLED",
    todo: `Run \`npm install ${name}\`.`,
  });
});

it("passes on other errors of a client", async () => {
  const broken = new Error("broken");
  await expect(loadPeer("pg", "the engine x", () => Promise.reject(broken))).rejects.toBe(broken);
});

it("says that a server is away, without its password", async () => {
  const opening = openEngine({ kind: "postgres", uri: "postgres://user:hidden-word@127.0.0.1:1/none" });
  const error: Error = await opening.then(
    () => expect.fail("opened"),
    (reason) => reason,
  );
  expect(error).toMatchObject({ code: "ENGINE_UNAVAILABLE", retryable: true });
  expect(JSON.stringify(error)).not.toContain("hidden-word");
});

it("names a database file that can't be made", async () => {
  await expect(openEngine({ kind: "duckdb", path: "/no-such-folder/x.duckdb" })).rejects.toMatchObject({
    code: "DATA_FILE_MISSING",
    details: { file: "/no-such-folder/x.duckdb" },
  });
});
