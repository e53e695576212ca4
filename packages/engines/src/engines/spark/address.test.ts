import { expect, it } from "vitest";
import { parseAddress } from "./address.js";

it("reads the addresses that Spark's own clients read", () => {
  const plain = { secure: false, token: null, user: "deepwright" };
  expect(parseAddress("sc://127.0.0.1:15010")).toEqual({ ...plain, target: "127.0.0.1:15010" });
  expect(parseAddress("spark://host:7")).toEqual({ ...plain, target: "host:7" });
  expect(parseAddress("sc://host")).toEqual({ ...plain, target: "host:15002" });
  expect(parseAddress("sc://[::1]:15002/")).toEqual({ ...plain, target: "[::1]:15002" });
  expect(parseAddress("sc://host:443/;use_ssl=true;user_id=ann%20b")).toEqual({
    target: "host:443",
    secure: true,
    token: null,
    user: "ann b",
  });
  expect(parseAddress("sc://host/;token=a=b")).toMatchObject({ secure: true, token: "a=b" });
});

it.each([
  "",
  "host:1",
  "http://host",
  "sc://",
  "sc://host:0",
  "sc://host:99999",
  "sc://host/path",
  "sc://h/;nonsense=1",
])("refuses %j", (uri) => {
  expect(() => parseAddress(uri)).toThrow(expect.objectContaining({ code: "ENGINE_ADDRESS_INVALID" }));
});

it("does not repeat a token in an error", () => {
  const parse = () => parseAddress("sc://host:0/;token=hidden-word");
  expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining("hidden-word") }));
});
