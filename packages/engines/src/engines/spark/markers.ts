/**
 * What a place holder can't be in: comments, strings and quoted names of Spark's SQL. Raw strings (`r'...'`) know no
 * escapes; in all others a backslash guards the next character.
 */
const opaque =
  /--(?:\\\n|[^\n])*|\/\*[\s\S]*?\*\/|\b[rR]'[^']*'|\b[rR]"[^"]*"|'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|`(?:``|[^`])*`|\$([1-9]\d*)/g;

/** `$1`, `$2`, ... as the named markers that Spark binds; only where they are place holders. */
export function toNamedMarkers(sql: string): string {
  return sql.replace(opaque, (token, place: string | undefined) =>
    place === undefined ? token : `:${markerName(place)}`,
  );
}

export function markerName(place: number | string): string {
  return `p${place}`;
}
