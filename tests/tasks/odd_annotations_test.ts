import assert from "node:assert/strict";
import { join } from "node:path";
import { openLedger } from "lib/learning/dataset/label_ledger.ts";
import { evaluate } from "tasks/evaluate.ts";
import { runCommand } from "tasks/command.ts";
import { label } from "tasks/label.ts";
import { createTestHost } from "tests/tasks/task_host.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const RAVEN = "Selection\tView\tBegin Time (s)\tEnd Time (s)\tBegin File\tAnnotation\n";

/** Files as people have them, by name, and the onsets that are in them. */
const FILES:
  readonly (readonly [name: string, content: string | Uint8Array<ArrayBuffer>, onsets: readonly number[]])[] =
    [
      ["cr.txt", "7.5\t9.75\tburp\r18.25\t20\tburp\r", [7.5, 18.25]],
      ["early.txt", "-0.250000\t0.100000\tburp\n7.5\t9.75\tburp\n", [0, 7.5]],
      ["sep.csv", "sep=;\r\nonset;offset;label\r\n7,5;9,75;burp\r\n", [7.5]],
      ["rows.csv", "onset,offset,label\r\n7.5,9.75,burp\r\n,,\r\n,,\r\n", [7.5]],
      [
        "unicode.txt",
        new Uint8Array(
          Uint16Array.from([..."\uFEFFonset\toffset\tlabel\n7.5\t9.75\tburp\n"], (c) => c.charCodeAt(0))
            .buffer,
        ),
        [7.5],
      ],
      ["clock.csv", "onset,offset,label\n0:01:07.5,0:01:09.75,burp\n", [67.5]],
      [
        "joined.txt",
        `${RAVEN}1\tS\t7.5\t9\ta.wav\tburp\n1\tS\t20\t21\ta.wav\tburp\n${RAVEN}1\tS\t30\t31\ta.wav\tburp\n`,
        [7.5, 20, 30],
      ],
      ["raven.csv", `${RAVEN}1\tS\t7.5\t9\ta.wav\tburp\n`.replaceAll("\t", ","), [7.5]],
      ["desed.tsv", "filename\tonset\toffset\tevent_label\na.wav\t7.5\t9\tburp\nquiet.wav\t\t\t\n", [7.5]],
    ];

Deno.test("label import and evaluate read tables as spreadsheets and annotation tools save them", () =>
  inTemporaryFolder(async (folder) => {
    for (const [name, content, onsets] of FILES) {
      const path = join(folder, name);
      await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
      const ledger = join(folder, `${name}.jsonl`);
      const { host, written } = createTestHost(["import", path, "--recording", "a.wav", "--ledger", ledger], [
        "label",
      ]);
      assert.equal(await label(host), 0, `${name}: ${written.err}`);
      assert.deepEqual((await openLedger(ledger).current()).map(({ onset }) => onset), onsets, name);
      const both = createTestHost([path, path, "--hours", "0.1", "--json"], ["evaluate"]);
      assert.equal(await runCommand(evaluate, both.host), 0, `${name}: ${both.written.err}`);
      assert.equal(JSON.parse(both.written.out).annotated, onsets.length, name);
    }
  }));

Deno.test("label import names the line of a row that it cannot place", () =>
  inTemporaryFolder(async (folder) => {
    for (
      const [text, message] of [
        ["onset,offset,label\n1,2,burp\n7,624,9,784,burp\n", /line 3: 5 fields where the header has 3/],
        ["1\t2\tburp\n-3\t-1\tburp\n", /line 2: -3 to -1 s lies before the recording begins/],
        ["onset,offset,label\n0:75,0:80,burp\n", /line 2: onset "0:75" is not a number/],
      ] as const
    ) {
      const path = join(folder, "bad.csv");
      await Deno.writeTextFile(path, text);
      const { host, written } = createTestHost([
        "import",
        path,
        "--recording",
        "a.wav",
        "--ledger",
        join(folder, "l.jsonl"),
      ], ["label"]);
      assert.equal(await label(host), 1);
      assert.match(written.err, message);
      assert.deepEqual(await openLedger(join(folder, "l.jsonl")).current(), []);
    }
  }));

Deno.test("recordings and annotations go together however letters with marks are written", () =>
  inTemporaryFolder(async (folder) => {
    const name = "rülps.csv";
    for (const [part, form] of [["found", "NFD"], ["truth", "NFC"]] as const) {
      await Deno.mkdir(join(folder, part));
      await Deno.writeTextFile(join(folder, part, name.normalize(form)), "onset,offset,label\n1,2,burp\n");
    }
    const { host, written } = createTestHost([join(folder, "found"), join(folder, "truth"), "--hours", "1"], [
      "evaluate",
    ]);
    assert.equal(await runCommand(evaluate, host), 0, written.err);
    assert.match(written.out, /1 annotated, 1 found/);
  }));

Deno.test("evaluate compares each recording of tables about several by itself", () =>
  inTemporaryFolder(async (folder) => {
    const [found, truth] = [join(folder, "found.csv"), join(folder, "truth.tsv")];
    const run = async (rows: string) => {
      await Deno.writeTextFile(found, `recording,onset,offset,label\n${rows}`);
      const { host, written } = createTestHost([found, truth, "--hours", "1", "--json"], ["evaluate"]);
      assert.equal(await runCommand(evaluate, host), 0, written.err);
      const { annotated, falseAlarms } = JSON.parse(written.out);
      return { annotated, falseAlarms, err: written.err };
    };
    const rows = ["ä.wav\t1\t2\tburp", "b.wav\t8\t9\tburp", "quiet.wav\t\t\t"];
    await Deno.writeTextFile(truth, `filename\tonset\toffset\tevent_label\n${rows.join("\n")}\n`);
    // At 8 s there is one, but in the other recording.
    const both = await run(`/x/${"ä.wav".normalize("NFD")},8,9,burp\nC:\\rec\\b.WAV,8,9,burp\n`);
    assert.deepEqual([both.annotated, both.falseAlarms], [2, 1]);
    assert.match(both.err, /events of 2 recordings, each compared by itself/);
    const alone = await run("b.wav,8,9,burp\n");
    assert.deepEqual([alone.annotated, alone.falseAlarms], [1, 0]);
    assert.match(alone.err, /only b was searched/);
    const unnamed = await run(",8,9,burp\n");
    assert.deepEqual([unnamed.annotated, unnamed.falseAlarms], [2, 0]);
    const renamed = await run("joined.wav,1,2,burp\njoined.wav,8,9,burp\n");
    assert.deepEqual([renamed.annotated, renamed.falseAlarms], [2, 0]);
  }));
