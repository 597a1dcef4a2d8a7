import assert from "node:assert/strict";
import { join } from "node:path";
import { galleryElement, writeGalleryPage } from "lib/show/report/clip_gallery.ts";

const tone = (seconds: number) =>
  Float32Array.from({ length: seconds * 16_000 }, (_, n) => 0.3 * Math.sin(2 * Math.PI * 440 * n / 16_000));

Deno.test("galleryElement() shows each sound with picture, player, details and what is beside it", () => {
  const { text } = galleryElement([
    {
      title: "<a>.wav",
      details: ["score 0.10"],
      samples: tone(0.5),
      beside: [{ title: "b.wav", details: ["burp"], samples: tone(0.2) }],
    },
    { title: "short", details: [], samples: new Float32Array(3) },
  ], 16_000);
  assert.equal(text.match(/<section data-clip/g)?.length, 2);
  assert.equal(text.match(/<audio /g)?.length, 3);
  assert.equal(text.match(/<img /g)?.length, 1, "there is nothing to see in three samples");
  // Half a second up to 8 kHz, with scales.
  for (const mark of ["250 Hz", "1 kHz", "4 kHz", "0 s", "0.2 s", "0.4 s"]) {
    assert.ok(text.includes(`>${mark}</span>`), mark);
  }
  assert.match(text, /1 · &lt;a&gt;\.wav[^]*score 0\.10[^]*1 that sound alike[^]*b\.wav/);
  assert.doesNotMatch(text, /src="(?!data:)/);
});

Deno.test("writeGalleryPage() writes one file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "gallery.html");
    const bytes = await writeGalleryPage(path, {
      title: "Suspects",
      lead: "Listen",
      sampleRate: 16_000,
      clips: [{ title: "a", details: [], samples: tone(20) }],
    });
    const html = await Deno.readTextFile(path);
    assert.equal(new TextEncoder().encode(html).length, bytes);
    // Ten seconds at most of each: 320 kB as text in base64, beside plotly.js.
    assert.ok(html.match(/data:audio\/wav;base64,[^"]*/)![0].length < 450_000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
