import assert from "node:assert/strict";
import { readChatJson } from "lib/media/chat/chat_json.ts";
import { bytesOf, collect } from "tests/media/chat/bytes.ts";

const DOWNLOADER = {
  FileInfo: { Version: { Major: 1, Minor: 4, Patch: 0 } },
  streamer: { name: "somebody", id: 1 },
  video: { title: 'with "comments": [', id: "1746376348", start: 0, end: 100 },
  comments: [
    {
      _id: "a",
      content_offset_seconds: 12,
      commenter: { display_name: "Anna", _id: "1", name: "anna" },
      message: { body: "!burp } ] \\", fragments: [{ text: "!burp" }], user_badges: [] },
    },
    {
      content_offset_seconds: 13.5,
      commenter: null,
      message: { body: null, fragments: [{ text: "a" }, { text: "b" }] },
    },
  ],
  embeddedData: { firstParty: [{ data: "AAAA" }] },
};

const TWITCH_DL = {
  video: { id: "99", lengthSeconds: 10 },
  video_comments: { comments: [] },
  comments: [
    {
      id: "x",
      contentOffsetSeconds: 4,
      commenter: { id: "2", login: "bert", displayName: "Bert" },
      message: { fragments: [{ text: "so " }, { text: "loud" }], userColor: null },
    },
    { id: "y", contentOffsetSeconds: 5, commenter: null, message: { fragments: [] } },
  ],
};

Deno.test("readChatJson() reads files of TwitchDownloader", async () => {
  for (const size of [1, 13, 10_000]) {
    const ids: string[] = [];
    const text = JSON.stringify(DOWNLOADER, null, size % 2);
    const rows = await collect(
      readChatJson(bytesOf(text, size), { onVideo: ({ id }) => ids.push(String(id)) }),
    );
    assert.deepEqual(rows, [
      { time: 12, userName: "anna", message: "!burp } ] \\" },
      { time: 13.5, message: "ab" },
    ]);
    assert.deepEqual(ids, ["1746376348"]);
  }
});

Deno.test("readChatJson() reads files of twitch-dl", async () => {
  const ids: string[] = [];
  const rows = await collect(
    readChatJson(bytesOf(JSON.stringify(TWITCH_DL)), { onVideo: ({ id }) => ids.push(String(id)) }),
  );
  assert.deepEqual(rows, [{ time: 4, userName: "bert", message: "so loud" }, { time: 5, message: "" }]);
  assert.deepEqual(ids, ["99"]);
});

Deno.test("readChatJson() names line and comment of what it cannot read", async () => {
  const lines = JSON.stringify(DOWNLOADER, null, 1).split("\n");
  const damaged = lines.join("\n").replace(
    '"content_offset_seconds": 13.5',
    '"content_offset_seconds": "late"',
  );
  const line = lines.findIndex((text) => text.includes("13.5")); // the comment opens one line above it
  const cases: [string, RegExp][] = [
    ["", /line 1: the file is empty/],
    ["[1]", /line 1: the list holds something else/],
    ["5", /line 1: the file is no JSON object/],
    ['{"a":1}', /line 1: the JSON holds no comments/],
    ['{"comments":[{"a":1', /line 1: the file ends in the middle/],
    ['{"comments":[]}\nx', /line 2: text after the end/],
    ['{"comments":[{"a"=1}]}', /line 1: comment 1 is broken/],
    [damaged, new RegExp(`line ${line}: comment 2 has no time`)],
    [`{"comments":[{"a":"${"x".repeat(1_100_000)}"}]}`, /line 1: an object of more than/],
  ];
  for (const [text, message] of cases) {
    await assert.rejects(collect(readChatJson(bytesOf(text, 65536))), { name: "SyntaxError", message });
  }
});

Deno.test("readChatJson() knows whom Twitch marks as a bot, in the files of both exporters", async () => {
  const [downloader] = DOWNLOADER.comments;
  const [dl] = TWITCH_DL.comments;
  const comments = [
    { ...downloader, message: { ...downloader!.message, user_badges: [{ _id: "bot-badge", version: "1" }] } },
    { ...downloader, message: { ...downloader!.message, user_badges: [{ _id: "vip", version: "1" }] } },
    { ...dl, message: { ...dl!.message, userBadges: [{ setID: "bot-badge", version: "1" }] } },
  ];
  const messages = await collect(readChatJson(bytesOf(JSON.stringify({ comments }))));
  assert.deepEqual(messages.map(({ isBot }) => isBot), [true, undefined, true]);
});
