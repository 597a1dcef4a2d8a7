import assert from "node:assert/strict";
import { decodeText } from "lib/base/events/decode_text.ts";
import { EVENT_FORMAT_NAMES, EVENT_FORMATS, readEvents } from "lib/base/events/event_formats.ts";
import type { EventRow } from "lib/base/events/sound_event.ts";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { scaled, tellFigure } from "tests/long_run.ts";

const times = (text: string) => readEvents(text).map(({ onset, offset, label }) => [onset, offset, label]);
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A text in UTF-16, with or without its mark. */
function utf16(text: string, { big = false, mark = true } = {}): Uint8Array {
  const marked = mark ? `\uFEFF${text}` : text;
  const bytes = new Uint8Array(marked.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < marked.length; i++) view.setUint16(2 * i, marked.charCodeAt(i), !big);
  return bytes;
}

Deno.test("decodeText() reads what spreadsheets and editors save: UTF-8 and UTF-16 with and without marks, Windows-1252", () => {
  const text = "onset\toffset\tlabel\n1\t2\tRäusper – 咳\n";
  assert.equal(decodeText(utf8(text)), text);
  assert.equal(decodeText(utf8(`\uFEFF${text}`)), text);
  for (const big of [false, true]) {
    assert.equal(decodeText(utf16(text, { big })), text);
    assert.equal(decodeText(utf16(text, { big, mark: false })), text);
    const other = "1.5\t2.5\t大きなげっぷの音\n12.5\t13.5\t名前のない咳払い\n";
    assert.equal(decodeText(utf16(other, { big, mark: false })), other, "half of it in another script");
  }
  const latin = Uint8Array.from("1\t2\tR\xe4usper", (character) => character.charCodeAt(0));
  assert.equal(decodeText(latin), "1\t2\tRäusper");
  assert.equal(decodeText(new Uint8Array()), "");
});

Deno.test("readEvents() reads tables whose lines end in CR alone, in every format", () => {
  const events = [{ onset: 17, offset: 19, label: "burp" }, { onset: 38, offset: 40, label: "burp" }];
  for (const [name, format] of Object.entries(EVENT_FORMATS)) {
    const back = readEvents(format.write(events).replaceAll("\n", "\r"));
    assert.deepEqual(back.map(({ onset }) => onset), [17, 38], name);
  }
});

Deno.test("readEvents() reads a separator that is named, empty rows, decimal commas and clock times", () => {
  const burp = [[7.624, 9.784, "burp"]];
  assert.deepEqual(times("sep=;\r\nonset;offset;label\r\n7,624;9,784;burp\r\n"), burp);
  assert.deepEqual(times('"sep=,"\nonset,offset,label\n"7,624","9,784",burp\n'), burp);
  assert.deepEqual(times("sep=|\nonset|offset|label\n7.624|9.784|burp\n"), burp);
  assert.deepEqual(times("\n\nonset,offset,label\r\n7.624,9.784,burp\r\n,,\r\n\r\n,,\r\n"), burp);
  assert.deepEqual(times("onset;offset;label\n0:00:07,624;0:09,784;burp\n;;\n"), burp);
  assert.deepEqual(times(";;\n;;\nonset;offset;label\n7,624;9,784;burp\n"), burp);
  assert.deepEqual(times("sep=;;;\nonset;offset;label\n7,624;9,784;burp\n"), burp);
  assert.deepEqual(times("sep=\t\nonset\toffset\tlabel\n7.624\t9.784\tburp\n"), burp);
  assert.deepEqual(times("onset,offset,label\n0:00:07.624,00:09.784,burp,,\n"), burp);
  assert.deepEqual(times("0:07.624\t0:00:09.784\tburp\n"), burp);
  assert.deepEqual(times("onset,offset\n1:02:03,125:30\n"), [[3723, 7530, "event"]]);
  assert.deepEqual(times("Start (s),End (s),Scientific name,Common name,Confidence\n0,3,X y,Cough,0.8\n"), [
    [0, 3, "Cough"],
  ]);
});

Deno.test("readEvents() lets a label that begins before the recording begin with it, and names one that ends before", () => {
  assert.deepEqual(times("-0.250000\t0.100000\tburp\n7.6\t9.8\tburp\n"), [[0, 0.1, "burp"], [
    7.6,
    9.8,
    "burp",
  ]]);
  assert.deepEqual(times("onset,offset\n-0:01.5,2\n"), [[0, 2, "event"]]);
  assert.deepEqual(times('{"onset":-1,"offset":2}'), [[0, 2, "event"]]);
  for (const text of ["1\t2\n-3\t-1\n", "onset,offset\n-0:03,-1\n", '\n{"onset":-3,"offset":-1}']) {
    assert.throws(() => readEvents(text), /line 2: -3 to -1 s lies before the recording begins/);
  }
});

Deno.test("readEvents() takes rows that only name a recording for recordings without events", () => {
  const desed = "filename\tonset\toffset\tevent_label\na.wav\t1\t2\tcough\nb.wav\t\t\t\nc.wav\n";
  assert.deepEqual(times(desed), [[1, 2, "cough"]]);
  assert.throws(
    () => readEvents("filename\tonset\toffset\tevent_label\na.wav\t\t\tcough\n"),
    /line 2: onset is missing/,
  );
});

Deno.test("readEvents() keeps every selection of Raven tables that were joined, with tabs or commas", () => {
  const header = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tBegin File\tAnnotation\n";
  const rows = [[1, 7.6, 9.8], [2, 18.9, 20.4], [1, 26.2, 27], [2, 53.5, 53.8]];
  const lines = rows.map(([number, onset, offset]) =>
    `${number}\tSpectrogram 1\t1\t${onset}\t${offset}\tin.wav\tburp\n`
  );
  const joined = [header, ...lines.slice(0, 2), header, ...lines.slice(2)].join("");
  for (
    const text of [
      header + lines.join(""),
      joined,
      joined.replaceAll("\t", ","),
      joined.replaceAll("\n", "\r\n"),
    ]
  ) {
    assert.deepEqual(times(text), rows.map(([, onset, offset]) => [onset, offset, "burp"]));
  }
  assert.equal(readEvents(joined)[0]!.recording, "in.wav");
  // The second table has its columns in another order, and one more.
  const other = "Annotation\tBegin Time (s)\tEnd Time (s)\tSelection\tScore\ncough\t30\t31\t1\t0.5\n";
  assert.deepEqual(times(header + lines[0] + other), [[7.6, 9.8, "burp"], [30, 31, "cough"]]);
  const views = lines.flatMap((line) => [line.replace("Spectrogram", "Waveform"), line]).join("");
  assert.equal(readEvents(header + views).length, 4);
  assert.deepEqual(times(`${header}1\t\t1\t1\t2\ta.wav\t"loud" one\n2\t\t1\t3\t4\ta.wav\t"open\n`), [
    [1, 2, '"loud" one'],
    [3, 4, '"open'],
  ]);
});

/** What people and programs do to a table, in a way that leaves its rows as they are. */
function disguise(events: readonly EventRow[], random: Random): Uint8Array {
  const separator = random.pick([",", ";", "\t"]);
  const comma = separator === ";" && random.next() < 0.5;
  const time = (seconds: number) => {
    const whole = Math.floor(seconds);
    const text = random.next() < 0.5
      ? seconds.toFixed(3)
      : `${Math.floor(whole / 3600)}:${String(Math.floor(whole / 60) % 60).padStart(2, "0")}:${
        (seconds - Math.floor(whole / 60) * 60).toFixed(3).padStart(6, "0")
      }`;
    return comma ? text.replace(".", ",") : text;
  };
  const raven = random.next() < 0.4;
  const columns = raven
    ? ["Selection", "Begin Time (s)", "End Time (s)", "Annotation"]
    : ["x", random.pick(["onset", "Onset", "event_onset"]), "offset", random.pick(["label", "event_label"])];
  const header = columns.join(separator);
  const blank = () => random.next() < 0.15 ? ["", separator.repeat(random.integer(4))] : [];
  const lines = [
    ...(random.next() < 0.2 ? [`sep=${separator}`] : []),
    header,
    ...events.flatMap(({ onset, offset, label }, index) => [
      ...blank(),
      ...(random.next() < 0.1 ? [header] : []),
      [String(1 + index % 3), time(onset), time(offset), label].join(separator),
    ]),
    ...blank(),
  ];
  const text = lines.join(random.pick(["\n", "\r\n", "\r"])) + random.pick(["", "\n"]);
  return random.pick([
    utf8,
    (text: string) => utf8(`\uFEFF${text}`),
    utf16,
    (text: string) => utf16(text, { big: true }),
  ])(
    text,
  );
}

const TABLES = scaled({ usual: 2000, long: 40_000 });

Deno.test("readEvents() places selections in the file that they name, of several that Raven shows as one", () => {
  const header = "Selection\tBegin Time (s)\tEnd Time (s)\tBegin File\tFile Offset (s)\tAnnotation\n";
  const rows = [
    "1\t7.5\t9.2\ta.wav\t7.5\tburp",
    "2\t307.1\t308.35\tb.wav\t7.1\tburp",
    "3\t400\t401\tb.wav\t\tburp",
  ];
  assert.deepEqual(
    readEvents(`${header}${rows.join("\n")}\n`).map((
      { recording, onset, offset },
    ) => [recording, onset, offset]),
    [["a.wav", 7.5, 9.2], ["b.wav", 7.1, 8.35], ["b.wav", 400, 401]],
  );
});

Deno.test("no disguise of a table loses a row", () => {
  const random = createRandom("disguised tables");
  for (let i = 0; i < TABLES; i++) {
    const events = Array.from({ length: 1 + random.integer(6) }, (_, index) => {
      const onset = Math.round((index * 2000 + random.uniform(0, 1500)) * 1000) / 1000;
      return {
        onset,
        offset: onset + 1 + random.integer(400),
        label: random.pick(["burp", "Räusper", "a b"]),
      };
    });
    const bytes = disguise(events, random);
    const back = readEvents(decodeText(bytes));
    assert.deepEqual(
      back.map(({ onset, offset, label }) => [onset.toFixed(3), offset.toFixed(3), label]),
      events.map(({ onset, offset, label }) => [onset.toFixed(3), offset.toFixed(3), label]),
      decodeText(bytes),
    );
  }
});

Deno.test("thousands of damaged tables give rows or a sentence", () => {
  const random = createRandom("damaged tables");
  let parsed = 0;
  for (let i = 0; i < TABLES; i++) {
    const events = Array.from(
      { length: 4 },
      (_, index) => ({ onset: index * 10, offset: index * 10 + 2, label: "burp" }),
    );
    const format = random.pick(EVENT_FORMAT_NAMES);
    const bytes = [...i % 2 === 0 ? disguise(events, random) : utf8(EVENT_FORMATS[format].write(events))];
    for (let n = 1 + random.integer(3); n > 0; n--) {
      const at = random.integer(bytes.length);
      const put = random.pick([
        [0],
        [34],
        [44],
        [59],
        [9],
        [10],
        [13],
        [45],
        [255],
        [random.integer(256)],
        [],
      ]);
      bytes.splice(at, random.integer(4), ...put);
    }
    const text = decodeText(Uint8Array.from(bytes));
    try {
      for (const { onset, offset, label } of readEvents(text)) {
        assert(onset >= 0 && offset >= onset && Number.isFinite(offset) && label !== "", text);
      }
      parsed++;
    } catch (error) {
      assert(error instanceof SyntaxError, `${error} for ${JSON.stringify(text)}`);
      assert.match(error.message, /^Cannot read events(, (line|chapter|entry) \d+|, the array)?: \S/, text);
      assert(!error.message.includes("\n"), error.message);
    }
  }
  tellFigure(`${TABLES} damaged tables: ${parsed} still read, each other one has a sentence`);
});
