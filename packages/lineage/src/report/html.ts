/** Text as it stands in HTML, in attributes too. */
function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Text of others, cut, on one line and escaped. */
export function safeText(text: string, limit: number): string {
  const characters = [...text.replace(/\p{Cc}+/gu, " ")];
  return escapeHtml(characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : characters.join(""));
}

/** Colors for light and dark, one font, no file from elsewhere. */
export const style = `
:root{color-scheme:light dark;--ink:#1a1d21;--soft:#5b6470;--line:#d8dde3;--paper:#fff;--card:#f6f8fa;--bad:#b42318;--good:#067647;--mark:#175cd3}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#9aa4b2;--line:#343a42;--paper:#14171b;--card:#1c2026;--bad:#ff9c92;--good:#75e0a7;--mark:#84adff}}
body{margin:0 auto;max-width:60rem;padding:2rem 1rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.35rem;line-height:1.4;margin:0 0 1rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.4rem 0}.soft{color:var(--soft)}.bad{color:var(--bad)}.good{color:var(--good)}
ol{padding-left:1.6rem}li{margin:.8rem 0}ul{padding-left:1.1rem;margin:.3rem 0}ul li{margin:.15rem 0}
code,pre{font:13px/1.45 ui-monospace,monospace}pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5rem .7rem;overflow-x:auto;margin:.4rem 0}
.bar{display:inline-block;height:.55rem;background:var(--mark);border-radius:3px;vertical-align:middle;margin-right:.5rem}
del{color:var(--bad);text-decoration:none}ins{color:var(--good);text-decoration:none}
svg{width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}
`.trim();
