import assert from "node:assert/strict";
import { readCsvEvents, writeCsvEvents } from "lib/base/events/csv_events.ts";

Deno.test("writeCsvEvents() writes the header and one row an event, without float noise", () => {
  const text = writeCsvEvents([
    {
      recording: "data/vods/a.mp4",
      onset: 0.1 + 0.2,
      offset: 12.5,
      label: "burp",
      score: 0.93,
      url: "https://x/?t=0s",
    },
    { onset: 20, offset: 20.5, label: 'a "loud", long\none' },
  ]);
  assert.equal(
    text,
    "recording,onset,offset,label,score,clip,url\n" +
      "data/vods/a.mp4,0.3,12.5,burp,0.93,,https://x/?t=0s\n" +
      ',20,20.5,"a ""loud"", long\none",,,\n',
  );
});

Deno.test("readCsvEvents() gives back what was written", () => {
  const events = [
    {
      recording: "ä b.wav",
      onset: 0.123456,
      offset: 3,
      label: "burp",
      score: 0.5,
      clip: "a,b.wav",
      url: "u",
    },
    { onset: 36_000.25, offset: 36_001, label: 'x "y"\nz' },
  ];
  assert.deepEqual(readCsvEvents(writeCsvEvents(events)), events);
  assert.deepEqual(readCsvEvents(writeCsvEvents([])), []);
});

Deno.test("writeCsvEvents() has a last column for probabilities where there are any, or where it is told to", () => {
  const events = [
    { onset: 1, offset: 2, label: "burp", score: 0.5, probability: 0.25 },
    { onset: 3, offset: 4, label: "cough", score: 0.5 },
  ];
  const text = writeCsvEvents(events);
  assert.equal(
    text,
    "recording,onset,offset,label,score,clip,url,probability\n,1,2,burp,0.5,,,0.25\n,3,4,cough,0.5,,,\n",
  );
  assert.deepEqual(readCsvEvents(text), events);
  assert.match(writeCsvEvents([], { probabilities: true }), /,url,probability\n$/);
  assert.match(writeCsvEvents([], { probabilities: false }), /,url\n$/);
  assert.throws(() => readCsvEvents("onset,offset,probability\n1,2,x\n"), /line 2: probability "x"/);
});

Deno.test("readCsvEvents() accepts any CSV with onset and offset columns and leaves others out", () => {
  const text = "snr_db,offset,onset,label\r\n7.1,17.713,17.228,clearthroat\r\n\r\n4.0,62.275,61.600,\r\n";
  assert.deepEqual(readCsvEvents(text, { label: "other" }), [
    { onset: 17.228, offset: 17.713, label: "clearthroat" },
    { onset: 61.6, offset: 62.275, label: "other" },
  ]);
});

Deno.test("readCsvEvents() accepts what spreadsheets write: a byte order mark, semicolons, decimal commas", () => {
  const expected = [{ onset: 1.5, offset: 2.25, label: "event" }];
  assert.deepEqual(readCsvEvents("\uFEFFOnset;Offset\n1,5;2,25\n"), expected);
  assert.deepEqual(readCsvEvents("onset\toffset\n1.5\t2.25\n"), expected);
});

Deno.test("readCsvEvents() understands the column names of sound event detection sets", () => {
  assert.deepEqual(readCsvEvents("filename\tonset\toffset\tevent_label\na.wav\t1\t2\tcough\n"), [
    { recording: "a.wav", onset: 1, offset: 2, label: "cough" },
  ]);
});

Deno.test("readCsvEvents() names the line of what is wrong", () => {
  const read = (text: string) => () => readCsvEvents(text);
  assert.throws(read(""), /empty/);
  assert.throws(read("start,end\n1,2\n"), /line 1: no column "onset" \(found: start, end\)/);
  assert.throws(read('onset,offset,label\n1,2,"a\nb"\n3,x,c\n'), /line 4: offset "x" is not a number/);
  assert.throws(read("onset,offset\n1\n"), /line 2: offset is missing/);
  assert.throws(read("onset,offset\n3,2\n"), /line 2: offset 2 lies before onset 3/);
  assert.throws(read("onset,offset\n-2,-1\n"), /line 2: -2 to -1 s lies before the recording begins/);
  assert.throws(read("onset,offset,label\n7,624,9,784,burp\n"), /line 2: 5 fields where the header has 3/);
  assert.throws(read("onset,offset,score\n1,2,high\n"), /line 2: score "high" is not a number/);
  assert.throws(read('onset,offset\n1,"2\n'), SyntaxError);
});
