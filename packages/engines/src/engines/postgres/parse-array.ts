import type { CellValue } from "../../engine.js";
import type { CellParser } from "./values.js";

/** Reads the text form of an array, `{1,NULL,"a \"b\""}` or `[0:1]={1,2}` ("Array Input and Output Syntax" of Postgres' manual). */
export function parseArray(text: string, parseElement: CellParser): CellValue[] {
  let place = text.indexOf("{");
  const parseList = (): CellValue[] => {
    const items: CellValue[] = [];
    place += 1;
    while (text[place] !== "}") {
      if (text[place] === ",") place += 1;
      items.push(parseItem());
    }
    place += 1;
    return items;
  };
  const parseItem = (): CellValue => {
    if (text[place] === "{") return parseList();
    if (text[place] === '"') return parseElement(parseQuoted());
    const end = text.slice(place).search(/[,}]/) + place;
    const item = text.slice(place, end);
    place = end;
    return item.toUpperCase() === "NULL" ? null : parseElement(item);
  };
  const parseQuoted = (): string => {
    let value = "";
    for (place += 1; text[place] !== '"'; place++) {
      if (text[place] === "\\") place += 1;
      value += text[place];
    }
    place += 1;
    return value;
  };
  return parseList();
}
