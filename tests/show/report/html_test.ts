import assert from "node:assert/strict";
import { dataAddress, escapeHtml, markup, SafeHtml, scriptJson, webAddress } from "lib/show/report/html.ts";

Deno.test("markup`` escapes values, also in lists, and leaves markup alone", () => {
  const names = ["<b>", `"quoted" & 'single'`];
  assert.equal(
    markup`<ul>${names.map((name) => markup`<li>${name}</li>`)}</ul>`.text,
    "<ul><li>&lt;b&gt;</li><li>&quot;quoted&quot; &amp; &#39;single&#39;</li></ul>",
  );
  assert.equal(markup`${undefined}${false}${0}${new SafeHtml("<br>")}`.text, "0<br>");
});

Deno.test("escapeHtml() replaces what no page may hold", () => {
  assert.equal(escapeHtml("a\0b\ud800c"), "a\ufffdb\ufffdc");
});

Deno.test("scriptJson() cannot end its element and reads back the same", () => {
  const value = { name: "</script><!--<script>\u2028" };
  const { text } = scriptJson(value);
  assert.doesNotMatch(text, /[<\u2028]/);
  assert.deepEqual(JSON.parse(text), value);
});

Deno.test("webAddress() lets only http and https become links", () => {
  assert.equal(webAddress("https://www.twitch.tv/videos/1?t=1h"), "https://www.twitch.tv/videos/1?t=1h");
  for (
    const address of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "videos/1",
      "",
      undefined,
    ]
  ) {
    assert.equal(webAddress(address), undefined);
  }
});

Deno.test("dataAddress() holds the bytes in base64", () => {
  assert.equal(dataAddress("image/png", Uint8Array.of(1, 2, 255)), "data:image/png;base64,AQL/");
});
