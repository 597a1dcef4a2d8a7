import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom, type Random } from "lib/base/numbers/random.ts";
import { readChatFile } from "lib/media/chat/chat_file.ts";
import { readChatHtml } from "lib/media/chat/chat_html.ts";
import { readChatJsonLines } from "lib/media/chat/chat_json.ts";
import { readChatText } from "lib/media/chat/chat_text.ts";
import { bytesOf, collect } from "tests/media/chat/bytes.ts";
import { chatExports, downloaderHtml, gzip } from "tests/media/chat/chat_exports.ts";
import { scaled, tellFigure } from "tests/long_run.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const CHAT = [
  { time: 3, userName: "anna", message: "hi: all of you" },
  { time: 75, userName: "bert_7", message: '!burp "<3" & more; 1 < 2' },
  { time: 75, userName: "carla", message: "żółć 🤢" },
  { time: 3723, userName: "dan", message: "!burp 2" },
];

Deno.test("readChatFile() reads what each exporter writes, packed and in any encoding", () =>
  inTemporaryFolder(async (folder) => {
    for (const [name, content] of Object.entries(await chatExports(CHAT))) {
      const path = join(folder, name);
      await (typeof content === "string" ? Deno.writeTextFile(path, content) : Deno.writeFile(path, content));
      const read = await collect(readChatFile(path));
      const plain = read.map((message) => ({
        ...message,
        message: message.message.replace(/(:x:| ?Kappa)$/, "").trim(),
      }));
      assert.deepEqual(plain, CHAT, name);
    }
  }));

Deno.test("readChatFile() says what is wrong with a file that is no chat from the start of the recording", () =>
  inTemporaryFolder(async (folder) => {
    const json = (comment: unknown) => JSON.stringify({ comments: [comment] });
    const cases: [string | Uint8Array<ArrayBuffer>, RegExp][] = [
      ["[2024-01-01 12:00:00 UTC] anna: hi\n", /line 1: times of day.*export it again with relative times/],
      ["2024-01-01 12:00:00 | anna: hi\n", /line 1: times of day/],
      ["anna: hi\nbert: hello\n", /line 1: the header has no column "time".*TwitchDownloader/],
      ["<html><body>hello</body></html>", /this HTML is no chat of TwitchDownloader/],
      ['{"onset":1}', /comment 1 has no time or no message/],
      [
        json({ content_offset_seconds: -12, message: { body: "x" } }),
        /comment 1 was sent 12 s before the recording begins/,
      ],
      [json({ timestamp: 1.7e15, message: "x" }), /comment 1 has a time of day only/],
      ["time,message\n-3,hi\n", /line 2: a message of time -3, before the recording begins/],
      ["[-0:00:03] anna: hi\n", /line 1: a message of time -0:00:03, before the recording begins/],
      ["[0:00:03] anna: hi\nand more\n", /line 2: no time; each line begins with one/],
      [(await gzip(json({}).repeat(50))).slice(0, 30), /the packed file is damaged or ends too early/],
    ];
    for (const [content, message] of cases) {
      const path = join(folder, "chat");
      await (typeof content === "string" ? Deno.writeTextFile(path, content) : Deno.writeFile(path, content));
      await assert.rejects(collect(readChatFile(path)), { name: "SyntaxError", message });
    }
  }));

Deno.test("readers of lines and of HTML give the same messages for any size of blocks", async () => {
  const exports = await chatExports(CHAT);
  for (const size of [1, 2, 3, 7, 10_000]) {
    const text = await collect(readChatText(bytesOf(exports["downloader.txt"]!, size)));
    assert.deepEqual(text, CHAT);
    assert.equal((await collect(readChatHtml(bytesOf(downloaderHtml(CHAT), size)))).length, 4);
    assert.equal(
      (await collect(readChatJsonLines(bytesOf(exports["video.live_chat.json"]!, size)))).length,
      4,
    );
  }
});

Deno.test("a chat in text keeps lines of nobody, and the login beside a name in another script", async () => {
  const text = "[0:00:01] anna subscribed\n[0:00:02] 名前 (namae): hi\n\n(0:03) bob: \n[0:00:04]\n";
  assert.deepEqual(await collect(readChatText(bytesOf(text))), [
    { time: 1, message: "anna subscribed" },
    { time: 2, message: "hi", userName: "namae" },
    { time: 3, message: "", userName: "bob" },
    { time: 4, message: "" },
  ]);
});

function damage(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const result = [...bytes];
  for (let n = 1 + random.integer(2); n > 0 && result.length > 0; n--) {
    const at = random.integer(result.length);
    const put = random.pick([[0], [10], [13], [34], [44], [58], [60], [91], [93], [255], [
      random.integer(256),
    ], []]);
    if (random.next() < 0.2) result.length = at;
    else result.splice(at, random.integer(6), ...put);
  }
  return Uint8Array.from(result);
}

const FILES = scaled({ usual: 600, long: 20_000 });

Deno.test("damaged exports of every kind give messages or an error that names file and line, and count what they skip", () =>
  inTemporaryFolder(async (folder) => {
    const random = createRandom("damaged exports");
    const exports = Object.entries(await chatExports(CHAT));
    const path = join(folder, "chat");
    let parsed = 0;
    for (let i = 0; i < FILES; i++) {
      const [name, content] = exports[i % exports.length]!;
      const whole = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(path, damage(whole, random));
      let skipped = 0;
      try {
        for await (const { time, message } of readChatFile(path, { onBadRow: () => skipped++ })) {
          assert(Number.isFinite(time) && time >= 0 && typeof message === "string", name);
        }
        parsed++;
      } catch (error) {
        assert(error instanceof SyntaxError, `${i} ${name}: ${error}`);
        assert.match(error.message.replace(path, "f"), /^f, line \d+: ./, name);
      }
    }
    assert(parsed > FILES / 3, `only ${parsed} of ${FILES} could be read`);
    tellFigure(`${FILES} damaged exports: ${parsed} still read, each other one has an error with its line`);
  }));
