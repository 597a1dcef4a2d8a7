import assert from "node:assert/strict";
import { chatFileName, chatFileVodId, readChatFile, writeChatFile } from "lib/media/chat/chat_file.ts";
import { collect } from "tests/media/chat/bytes.ts";

Deno.test("readChatFile() reads what writeChatFile() wrote, and JSON by content", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const messages = [{ time: 1, userName: "a", message: "!burp, you?" }, { time: 2.5, message: "x" }];
    await writeChatFile(`${folder}/${chatFileName("123")}`, messages);
    assert.deepEqual(await collect(readChatFile(`${folder}/twitch-chat-123.csv`)), messages);
    const comments = [{ contentOffsetSeconds: 3, commenter: null, message: { fragments: [{ text: "hi" }] } }];
    await Deno.writeTextFile(`${folder}/chat.txt`, ` \n${JSON.stringify({ comments })}`);
    assert.deepEqual(await collect(readChatFile(`${folder}/chat.txt`)), [{ time: 3, message: "hi" }]);
    await Deno.writeTextFile(`${folder}/empty.csv`, "");
    await assert.rejects(
      collect(readChatFile(`${folder}/empty.csv`)),
      /empty\.csv, line 1: the file is empty/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("chatFileVodId() finds the id in a file's name", () => {
  assert.equal(chatFileVodId("data/chats/twitch-chat-1746376348.csv"), "1746376348");
  assert.equal(chatFileVodId("C:\\chats\\twitch-chat-12.csv"), "12");
  assert.equal(chatFileVodId("[5-4-25] v1746376348 - title.json"), "1746376348");
  assert.equal(chatFileVodId("stream.csv"), undefined);
});
