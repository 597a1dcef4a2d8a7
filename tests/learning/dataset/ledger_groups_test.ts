import assert from "node:assert/strict";
import type { LabelEntry } from "lib/learning/dataset/label_entry.ts";
import { ledgerGroups, recordingGroup } from "lib/learning/dataset/ledger_groups.ts";

Deno.test("recordingGroup() calls a VOD by one name, however it is given", () => {
  const names = [
    "1746376348",
    "v1746376348",
    "https://www.twitch.tv/videos/1746376348?t=1h",
    "data/vods/1746376348.mkv",
  ];
  for (const name of names) assert.equal(recordingGroup(name), "1746376348");
  assert.equal(recordingGroup("data/vods/show.mkv"), "data/vods/show.mkv");
});

Deno.test("ledgerGroups() knows the recordings of clips, and nothing of clips that are their own", () => {
  const entry = (recording: string, clip: string) => ({ recording, clip }) as LabelEntry;
  const groups = ledgerGroups([entry("v1746376348", "a.wav"), entry("b.wav", "b.wav")], {
    clipName: (path) => path,
  });
  assert.equal(groups("a.wav"), "1746376348");
  assert.equal(groups("b.wav"), undefined);
  assert.equal(groups("c.wav"), undefined);
});
