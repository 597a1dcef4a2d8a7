import assert from "node:assert/strict";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { chatCsvHeader, chatCsvRow, readChatCsv } from "lib/media/chat/chat_csv.ts";
import { readChatJson } from "lib/media/chat/chat_json.ts";
import { bytesOf } from "tests/media/chat/bytes.ts";
import { scaled, tellFigure } from "tests/long_run.ts";

const MESSAGES = [
  "!burp",
  "lol",
  'he said "hi"',
  "two\nlines",
  "a, b",
  "żółć 🤢",
  "!BURP 3",
  "",
  " x ",
  "'=1'",
];

function validCsv(random: Random): string {
  const rows = Array.from({ length: 3 + random.integer(8) }, (_, i) => ({
    time: i * 7 + random.integer(5),
    userName: random.pick(["anna", "bert", "名前", "a,b"]),
    message: random.pick(MESSAGES),
  }));
  const text = chatCsvHeader() + rows.map((row) => chatCsvRow(row)).join("");
  return random.pick([text, text.replaceAll("\n", "\r\n"), `\uFEFF${text}`]);
}

function validJson(random: Random): string {
  const comments = Array.from({ length: 1 + random.integer(5) }, (_, i) => ({
    content_offset_seconds: i * 3,
    commenter: { display_name: "A", name: random.pick(["anna", "bert"]) },
    message: { body: random.pick(MESSAGES), fragments: [{ text: random.pick(MESSAGES) }] },
  }));
  return JSON.stringify({ video: { id: "1" }, comments, embeddedData: null }, null, random.integer(3));
}

/** Damages of the kinds that real files have: in place, cut, grown, reordered. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length);
  const put = (inserted: Uint8Array, removed = 0) => {
    const result = new Uint8Array(bytes.length + inserted.length - Math.min(removed, bytes.length - at));
    result.set(bytes.subarray(0, at));
    result.set(inserted, at);
    result.set(bytes.subarray(Math.min(at + removed, bytes.length)), at + inserted.length);
    return result;
  };
  const text = (value: string) => new TextEncoder().encode(value);
  switch (random.integer(9)) {
    case 0:
      return put(text(random.pick(['"', '""', "'", "\\"])));
    case 1:
      return put(text(random.pick(["\n", "\r\n", "\r", "\u2028"])));
    case 2:
      return put(text(random.pick(["\uFEFF", "\0", "\0\0\0", "\u202E"])));
    case 3:
      return put(text(random.pick([",", ";", "\t", "{", "}", "[", "]", ":"])));
    case 4:
      return put(new Uint8Array(), 1 + random.integer(12)); // columns and quotes go missing
    case 5:
      return bytes.slice(0, at);
    case 6:
      return put(new Uint8Array([random.integer(256)]), 1);
    case 7:
      return put(text("x".repeat(1 + random.integer(5000))));
    default:
      return put(bytes.subarray(0, random.integer(bytes.length))); // a piece twice
  }
}

const FILES = scaled({ usual: 5000, long: 50_000 });

Deno.test("thousands of damaged chat files give rows or an error that names the line", async () => {
  const random = createRandom("damaged chats");
  let parsed = 0;
  for (let i = 0; i < FILES; i++) {
    const json = i % 4 === 3;
    let bytes = new TextEncoder().encode(json ? validJson(random) : validCsv(random));
    for (let n = 1 + random.integer(2); n > 0 && bytes.length > 0; n--) {
      bytes = mutate(bytes, random) as typeof bytes;
    }
    if (i % 500 === 0) bytes = mutateHuge(bytes);
    const blocks = bytesOf(bytes, 1 + random.integer(4000));
    const lines = new TextDecoder().decode(bytes).split(/\r\n|\n|\r/).length;
    try {
      for await (const row of (json ? readChatJson : readChatCsv)(blocks, { source: "f" })) {
        assert(Number.isFinite(row.time) && row.time >= 0 && typeof row.message === "string");
        assert(!json ? !row.message.includes("\0") : true);
      }
      parsed++;
    } catch (error) {
      assert(error instanceof SyntaxError, `${i}: ${error}`);
      const line = Number(/^f, line (\d+): ./.exec(error.message)?.[1]);
      assert(line >= 1 && line <= lines, `${i}: ${error.message} in ${lines} lines`);
    }
  }
  assert(parsed >= FILES / 5, `only ${parsed} of ${FILES} could be read`);
  tellFigure(`${FILES} damaged chat files: ${parsed} still parse, each other one has an error with its line`);
});

function mutateHuge(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length + 2_000_000).fill(0x61);
  result.set(bytes.subarray(0, bytes.length >> 1));
  result.set(bytes.subarray(bytes.length >> 1), (bytes.length >> 1) + 2_000_000);
  return result;
}
