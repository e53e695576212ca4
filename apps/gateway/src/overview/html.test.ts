import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "./html.js";

describe("html", () => {
  it("lets no text become markup", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { text: shown } = html`<p title="${text}">${[text, null, html`<b>${text}</b>`]}</p>`;
        const bare = shown
          .replace(/^<p title="/, "")
          .replace("<b>", "")
          .replace("</b></p>", "")
          .replace('">', "");
        expect(bare).not.toMatch(/[<>"]/);
      }),
    );
    expect(html`${"<script>alert('x')</script>"}`.text).toBe("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  });

  it("shows 0 and nothing for what is not there", () => {
    expect(html`${0}|${null}|${undefined}|${false}|${""}`.text).toBe("0||||");
  });
});
