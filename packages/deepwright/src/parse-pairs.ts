import { DeepwrightError } from "@deepwright/core";

/** `["team=risk", "ok"]` -> `{ team: "risk", ok: "" }`. @throws DeepwrightError `INVALID_TAG` */
export function parsePairs(texts: readonly string[]): Record<string, string> {
  const pairs: [string, string][] = texts.map((text) => {
    const equals = text.indexOf("=");
    const key = equals < 0 ? text : text.slice(0, equals);
    if (key.trim() === "") {
      throw new DeepwrightError({
        code: "INVALID_TAG",
        expected: "a tag such as team=risk",
        got: JSON.stringify(text),
        todo: "Write the name of the tag before the equals sign.",
      });
    }
    return [key, equals < 0 ? "" : text.slice(equals + 1)];
  });
  return Object.fromEntries(pairs);
}
