import { createHash } from "node:crypto";

/** The overview's whole style; light or dark as the reader's system is set. */
export const style = `:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
.scrolling{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884;vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
pre,code{font-family:ui-monospace,monospace;font-size:.9em;overflow-wrap:anywhere;white-space:pre-wrap}
.quiet{opacity:.7}.worse{color:light-dark(#a11,#f88)}.better{color:light-dark(#161,#8d8)}
blockquote{border-left:3px solid #888;margin:.5rem 0;padding:.2rem 1rem;font-size:1.05rem}`;

export const styleHash = `sha256-${createHash("sha256").update(style).digest("base64")}`;
