import assert from "node:assert/strict";
import { readChapters, writeChapters } from "lib/base/events/chapters.ts";
import { readFfmetadata, writeFfmetadata } from "lib/base/events/ffmetadata.ts";

const event = (onset: number, label = "burp") => ({ onset, offset: onset + 0.5, label });

Deno.test("writeChapters() begins at 0:00 and keeps chapters at least ten seconds long", () => {
  const text = writeChapters([
    event(3723.9),
    event(15.2),
    event(12.4),
    event(30, "cough"),
    event(39, "burp"),
  ]);
  assert.equal(text, "0:00 Start\n0:12 burp ×2\n0:30 cough, burp\n1:02:03 burp\n");
});

Deno.test("writeChapters() gives the opening chapter the name of an event in its first ten seconds", () => {
  assert.equal(writeChapters([event(4)]), "0:00 burp\n");
});

Deno.test("readChapters() reads notes with times and skips other lines", () => {
  const text = "Best of today\n0:00 Start\n 0:42 - burp\n1:02:03 – loud one\n12:07\n";
  assert.deepEqual(readChapters(text, { label: "burp" }), [
    { onset: 42, offset: 42, label: "burp" },
    { onset: 3723, offset: 3723, label: "loud one" },
    { onset: 727, offset: 727, label: "burp" },
  ]);
});

Deno.test("writeFfmetadata() escapes what the format reserves", () => {
  assert.equal(
    writeFfmetadata([event(1.2345, "a=b;c#d\\e")]),
    ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1235\nEND=1735\ntitle=a\\=b\\;c\\#d\\\\e\n",
  );
});

Deno.test("readFfmetadata() reads other time bases and skips other sections", () => {
  const text = ";FFMETADATA1\ntitle=stream\n[STREAM]\ntitle=x\n[CHAPTER]\nTIMEBASE=1/48000\nSTART=24000\n" +
    "END=96000\n[CHAPTER]\nSTART=3000000000\nEND=4000000000\ntitle=cough\n";
  assert.deepEqual(readFfmetadata(text, { label: "burp" }), [
    { onset: 0.5, offset: 2, label: "burp" },
    { onset: 3, offset: 4, label: "cough" },
  ]);
  assert.throws(() => readFfmetadata(";FFMETADATA1\n[CHAPTER]\nSTART=1\n"), /chapter 1: no START and END/);
});
