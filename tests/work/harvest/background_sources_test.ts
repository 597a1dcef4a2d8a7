import assert from "node:assert/strict";
import { join } from "node:path";
import { freeParts } from "lib/learning/dataset/background_plan.ts";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { harvestedBackground } from "lib/work/harvest/background_sources.ts";
import { type HarvestRecord, recordPath, writeHarvestRecord } from "lib/work/harvest/harvest_record.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

Deno.test("background is what is left of mentions, misspelt ones, silences of the chat, muting and labels", () =>
  inTemporaryFolder(async (data) => {
    const folders = { records: data, chats: join(data, "chats"), vods: join(data, "vods") };
    for (const folder of [folders.chats, folders.vods]) await Deno.mkdir(folder);
    const path = join(folders.vods, "1746376348.wav");
    await Deno.writeTextFile(path, "");
    // Chatter every half minute, but for the last ten minutes; "!brup" at 700 s.
    const chat = Array.from({ length: 61 }, (_, i) => `${30 * i},viewer,hello`);
    await Deno.writeTextFile(
      join(folders.chats, "chat.csv"),
      `time,user_name,message\n${[...chat, "700,viewer,!brup"].join("\n")}\n`,
    );
    const mention = (time: number): HarvestRecord["mentions"][number] => ({
      time,
      lastTime: time + 2,
      votes: 1,
      count: 1,
      outcome: "found" as const,
      candidates: [],
    });
    const record = (recording: string): HarvestRecord => ({
      formatVersion: 1,
      ...{
        event: "burp",
        command: "!burp",
        recording,
        name: recording,
        duration: 2400,
        origin: { offset: 0 },
      },
      chat: { file: "chat.csv", messages: 62, commands: 2, botCommands: 0, hints: 3 },
      mentions: [mention(100), mention(300)],
      negatives: [],
      muted: [{ start: 1000, end: 1060 }],
      problems: [],
    });
    for (const name of ["1746376348", "1746376999"]) {
      await writeHarvestRecord(recordPath(data, "burp", name), record(name));
    }
    const ledger = openLedger(join(data, "labels.jsonl"));
    const person = { kind: "person", name: "ann" } as const;
    const at = (onset: number, label: string) => ({
      recording: "1746376348",
      onset,
      offset: onset + 1,
      label,
      source: person,
    });
    const read = async () => await harvestedBackground(["burp"], folders, await ledger.current());
    await ledger.append([at(500, "unsure"), at(600, "not-burp"), at(650, "cough")]);
    const { sources: [source], missing } = await read();
    assert.deepEqual(missing, ["1746376999"], "the other VOD is not here");
    assert.equal(source!.path, path);
    const free = (source: Parameters<typeof freeParts>[0]) =>
      freeParts(source).map(({ onset, offset }) => [onset, offset]);
    assert.deepEqual(free(source!), [
      [0, 78],
      [105, 278],
      [305, 499],
      [502, 678],
      [703, 1000],
      [1060, 1800],
    ]);
    // Somebody confirmed what the first mention was about: the rest around it is free.
    await ledger.append([at(95, "burp")]);
    const { sources: [after] } = await read();
    assert.deepEqual(free(after!).slice(0, 3), [[0, 94], [97, 278], [305, 499]]);
  }));
