const day =
  "\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|[12]\\d))";
const clock = "(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?";
const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** Formats of text as portable patterns. A date of 29 February passes in every year. */
export const textFormats = {
  "iso-date": `^${day}$`,
  "iso-time": `^${clock}$`,
  "iso-timestamp": `^${day}[T ]${clock}(?:Z|[-+]\\d{2}:?\\d{2})?$`,
  uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
  email: "^[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+$",
  url: "^https?://[A-Za-z0-9.-]+(?::\\d{1,5})?(?:[/?#][^ \\t\\n]*)?$",
  ipv4: `^${octet}(?:\\.${octet}){3}$`,
  hexadecimal: "^[0-9a-fA-F]+$",
  "country-code": "^[A-Z]{2}$",
  "currency-code": "^[A-Z]{3}$",
  base64: "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
} as const;
