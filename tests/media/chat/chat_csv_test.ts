import assert from "node:assert/strict";
import { chatCsvHeader, chatCsvRow, readChatCsv } from "lib/media/chat/chat_csv.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import { bytesOf, collect } from "tests/media/chat/bytes.ts";

const read = (text: string, size?: number) => collect(readChatCsv(bytesOf(text, size), { source: "x.csv" }));

Deno.test("readChatCsv() finds its columns by name, whatever their order and company", async () => {
  const text = 'time,user_name,user_color,message\r\n12,Anna,#FF0000,!burp\r\n1:02:03,,,"a, ""b""\nc"\r\n';
  assert.deepEqual(await read(text), [
    { time: 12, userName: "Anna", message: "!burp" },
    { time: 3723, message: 'a, "b"\nc' },
  ]);
  assert.deepEqual(await read("\uFEFFMessage, Time\nhi,5\n\n"), [{ time: 5, message: "hi" }]);
});

Deno.test("readChatCsv() gives the same rows for any size of blocks", async () => {
  const text = 'time,message\n1,żółć 🤢\n2,"two\r\nlines"\r\n3,"he said ""hi"""\n';
  const whole = await read(text, 1000);
  for (const size of [1, 2, 3, 5, 8]) assert.deepEqual(await read(text, size), whole);
  assert.equal(whole[0]!.message, "żółć 🤢");
});

Deno.test("readChatCsv() keeps quotes that an exporter did not escape", async () => {
  assert.deepEqual(await read('time,message\n1,he said "hi" twice\n'), [{
    time: 1,
    message: 'he said "hi" twice',
  }]);
});

Deno.test("readChatCsv() names the line of what it cannot read", async () => {
  const cases: [string, RegExp][] = [
    ["", /x\.csv, line 1: the file is empty/],
    ["time,words\n1,a\n", /line 1: the header has no column "message"/],
    ["message\na\n", /line 1: the header has no column "time"/],
    ["time,message,time\n1,a,2\n", /line 1: the header names "time" twice/],
    ["time,message\n1,a\nsoon,b\n", /line 3: time must be seconds.*"soon"/],
    ['time,message\n1,"a\nb"\nsoon,c\n', /line 4: time must be/],
    ['time,message\r\n1,"a\r\n\r\nb"\r\nsoon,"c\r\n"\r\n', /line 5: time must be/],
    ["time,message\n1,a\n2,b,c\n", /line 3: 3 fields where the header has 2/],
    ["time,message\n1,a\n2\n", /line 3: 1 fields where/],
    ["time,message\n1,a\n2,b\0c\n", /line 3: a NUL character/],
    ['time,message\n1,a\n2,"b\n3,c\n', /line 3: a quote is opened and never closed/],
    [`time,message\n1,a\n2,${"x".repeat(1_100_000)}\n`, /line 3: a row of more than 1048576 characters/],
    ["t\0i\0m\0e\0,\0", /line 1: the header is not UTF-8/],
  ];
  for (const [text, message] of cases) {
    await assert.rejects(read(text, 65536), { name: "SyntaxError", message });
  }
});

Deno.test("readChatCsv() hands out the rows before the one that it cannot read", async () => {
  const times: number[] = [];
  await assert.rejects(async () => {
    for await (const row of readChatCsv(bytesOf('time,message\n1,a\n2,"b\n', 1000))) times.push(row.time);
  }, /line 3: a quote/);
  assert.deepEqual(times, [1]);
});

Deno.test("readChatCsv() skips and reports bad rows where asked to", async () => {
  const errors: string[] = [];
  const text = "time,message\n1,a\nsoon,b\n3,c,d\n4,e\n";
  const rows = await collect(readChatCsv(bytesOf(text), { onBadRow: (error) => errors.push(error.message) }));
  assert.deepEqual(rows.map((row) => row.time), [1, 4]);
  assert.deepEqual(errors.map((error) => error.slice(0, 12)), ["chat, line 3", "chat, line 4"]);
});

Deno.test("readChatCsv() stops reading when its reader stops", async () => {
  let closed = false;
  async function* endless() {
    try {
      yield new TextEncoder().encode("time,message\n");
      while (true) yield await Promise.resolve(new TextEncoder().encode("1,a\n".repeat(1000)));
    } finally {
      closed = true;
    }
  }
  for await (const row of readChatCsv(endless())) {
    assert.equal(row.time, 1);
    break;
  }
  assert(closed);
});

Deno.test("readChatCsv() passes on an error of its source", async () => {
  async function* broken() {
    yield await Promise.resolve(new TextEncoder().encode("time,message\n1,a\n"));
    throw new RangeError("disk gone");
  }
  await assert.rejects(collect(readChatCsv(broken())), { name: "RangeError", message: "disk gone" });
});

Deno.test("chatCsvRow() writes what readChatCsv() reads back", async () => {
  const messages: ChatMessage[] = [
    { time: 0, message: "" },
    { time: 1.25, userName: "a b", message: ' "quoted", and\r\nbroken\rlines ' },
    { time: 86400.123, userName: "名前", message: "'=1+1' \uFEFF 🤢" },
  ];
  assert.deepEqual(await read(chatCsvHeader() + messages.map((row) => chatCsvRow(row)).join("")), messages);
  assert.equal(chatCsvRow({ time: 2, message: "a\0b" }), "2,,a\uFFFDb\n");
});
