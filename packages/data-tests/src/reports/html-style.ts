/** Colors for light and dark, one font, no file from elsewhere. */
export const style = `
:root{color-scheme:light dark;--ink:#1a1d21;--soft:#5b6470;--line:#d8dde3;--paper:#fff;--card:#f6f8fa;--bad:#b42318;--good:#067647;--warn:#b54708}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#9aa4b2;--line:#343a42;--paper:#14171b;--card:#1c2026;--bad:#ff9c92;--good:#75e0a7;--warn:#fec84b}}
body{margin:0 auto;max-width:64rem;padding:2rem 1rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.35rem;margin:0 0 .5rem}h2{font-size:1.05rem;margin:2rem 0 .5rem;overflow-wrap:anywhere}p{margin:.3rem 0;overflow-wrap:anywhere}
.soft{color:var(--soft)}.bad{color:var(--bad)}.good{color:var(--good)}
section{border-left:4px solid var(--soft);background:var(--card);padding:.4rem .8rem;margin:.6rem 0}
section.error{border-color:var(--bad)}section.warning{border-color:var(--warn)}
table{border-collapse:collapse;font-size:.88rem}td,th{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
.rows{overflow-x:auto}.rows td{font-family:ui-monospace,monospace;white-space:pre-wrap}
code{font:13px/1.45 ui-monospace,monospace}ul{padding-left:1.1rem;margin:.3rem 0}
`.trim();
