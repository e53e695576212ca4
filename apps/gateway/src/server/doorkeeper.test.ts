import { isDeepwrightError } from "@deepwright/core";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../config/config.js";
import { createDoorkeeper } from "./doorkeeper.js";

const token = "0123456789abcdef";
const open = createDoorkeeper(parseConfig({}));
const locked = createDoorkeeper(parseConfig({ host: "0.0.0.0", token }));

function codeOf(headers: Record<string, string>, keeper = open, options = { open: false, reads: false }): string {
  try {
    keeper.check(headers, options);
  } catch (error) {
    return isDeepwrightError(error) ? error.code : "untyped";
  }
  return "admitted";
}

describe("the doorkeeper", () => {
  it.each(["localhost:4000", "127.0.0.1:4000", "127.0.0.1", "[::1]:4000", "LOCALHOST"])(
    "knows itself as %s",
    (host) => {
      expect(codeOf({ host })).toBe("admitted");
    },
  );

  it.each(["evil.example", "evil.example:4000", "localhost.evil.example", "127.0.0.1.evil.example:80", ""])(
    "does not answer to %j on loopback",
    (host) => {
      expect(codeOf({ host })).toBe("HOST_NOT_ALLOWED");
    },
  );

  it("refuses changes that pages of other sites ask for", () => {
    const host = "localhost:4000";
    expect(codeOf({ host, origin: "https://evil.example" })).toBe("ORIGIN_NOT_ALLOWED");
    expect(codeOf({ host, origin: "null" })).toBe("ORIGIN_NOT_ALLOWED");
    expect(codeOf({ host, origin: "http://localhost:4000" })).toBe("admitted");
    expect(open.refusesUpgrade({ host, origin: "https://evil.example" })).toBe("403 Forbidden");
    expect(open.refusesUpgrade({ host })).toBeUndefined();
  });

  it("asks for the token, as bearer or as the password of a person", () => {
    const host = "gateway.example";
    expect(codeOf({ host }, locked)).toBe("UNAUTHENTICATED");
    expect(codeOf({ host, authorization: "Bearer wrong" }, locked)).toBe("UNAUTHENTICATED");
    expect(codeOf({ host, authorization: `Bearer ${token}x` }, locked)).toBe("UNAUTHENTICATED");
    expect(codeOf({ host, authorization: `Bearer ${token}` }, locked)).toBe("admitted");
    expect(codeOf({ host, authorization: `bearer ${token}` }, locked)).toBe("admitted");
    expect(codeOf({ host, authorization: `Basic ${btoa(`ada:${token}`)}` }, locked)).toBe("admitted");
    expect(codeOf({ host }, locked, { open: true, reads: true })).toBe("admitted");
  });
});
