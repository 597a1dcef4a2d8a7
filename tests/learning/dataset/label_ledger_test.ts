import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "lib/base/numbers/random.ts";
import { type LabelSource, type NewLabel, openLedger } from "lib/learning/dataset/label_ledger.ts";
import { createLedgerParser, parseLedger } from "lib/learning/dataset/ledger_text.ts";
import { createFakeClock } from "tests/fake_clock.ts";
import { scaled, tellFigure } from "tests/long_run.ts";

const PERSON: LabelSource = { kind: "person", name: "ann" };

function label(onset: number, text = "burp", more: Partial<NewLabel> = {}): NewLabel {
  return { recording: "1746376348", onset, offset: onset + 0.5, label: text, source: PERSON, ...more };
}

async function withLedger(
  run: (ledger: ReturnType<typeof openLedger>, path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const random = createRandom(1);
  try {
    const path = join(folder, "data", "labels.jsonl");
    const randomBytes = (count: number) => Uint8Array.from({ length: count }, () => random.integer(256));
    await run(openLedger(path, { clock: createFakeClock(), randomBytes }), path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openLedger() starts with nothing and keeps what is appended, with time and ids of its own", () =>
  withLedger(async (ledger) => {
    assert.deepEqual(await ledger.entries(), { entries: [], undos: [] });
    const provenance = { votes: 3, delays: [2.5, 4], model: null };
    const [first, second] = await ledger.append([label(1, "burp", { provenance }), label(2, "not-burp")]);
    assert.equal(first!.time, "2026-01-01T00:00:00.000Z");
    assert.match(first!.id, /^[0-9a-z]{26}$/);
    assert.notEqual(first!.id, second!.id);
    assert.equal(first!.id.slice(0, 10), second!.id.slice(0, 10));
    assert.deepEqual((await ledger.entries()).entries, [first, second]);
  }));

Deno.test("revision() grows with every line, whoever writes it, and only then", () =>
  withLedger(async (ledger, path) => {
    const revisions = [await ledger.revision()];
    const [entry] = await ledger.append([label(1)]);
    revisions.push(await ledger.revision());
    await openLedger(path).undo([entry!.id], PERSON);
    revisions.push(await ledger.revision());
    assert.equal(revisions[0], 0);
    assert.ok(revisions[0]! < revisions[1]! && revisions[1]! < revisions[2]!);
    await ledger.current();
    assert.equal(await ledger.revision(), revisions[2]);
  }));

Deno.test("current() applies corrections, and takes them back with undo()", () =>
  withLedger(async (ledger) => {
    const [first, other] = await ledger.append([label(1), label(9)]);
    const [corrected] = await ledger.append([label(1, "not-burp", { replaces: first!.id })]);
    assert.deepEqual(await ledger.current(), [other, corrected]);
    const [undo] = await ledger.undo({ last: 1 }, PERSON);
    assert.equal(undo!.undoes, corrected!.id);
    assert.deepEqual(await ledger.current(), [first, other]);
    await ledger.undo(undo!.id, PERSON);
    assert.deepEqual(await ledger.current(), [other, corrected], "undoing the undo corrects again");
    const { entries, undos } = await ledger.entries();
    assert.deepEqual([entries.length, undos.length], [3, 2], "nothing ever goes away");
  }));

Deno.test("undo() takes back the last labels of one source, or one import, and leaves the others", () =>
  withLedger(async (ledger) => {
    const model: LabelSource = { kind: "model", name: "models/burp" };
    const imported = { source: { kind: "import" }, provenance: { import: "x1" } } as const;
    const [a, b, c, d] = await ledger.append([
      label(1),
      label(2),
      label(3, "burp", { source: model }),
      label(4, "burp", imported),
    ]);
    await ledger.undo({ last: 1, from: { kind: "person", name: "ann" } }, PERSON);
    assert.deepEqual(await ledger.current(), [a, c, d]);
    await ledger.undo({ import: "x1" }, PERSON);
    assert.deepEqual(await ledger.current(), [a, c]);
    await ledger.undo([a!.id, c!.id], PERSON);
    assert.deepEqual(await ledger.current(), []);
    await assert.rejects(ledger.undo(b!.id, PERSON), /taken back already/);
    await assert.rejects(ledger.undo("nobody", PERSON), /not in the ledger/);
    await assert.rejects(ledger.undo({ import: "x1" }, PERSON), RangeError);
  }));

Deno.test("append() refuses what is no label, a known id, and a correction of nothing", () =>
  withLedger(async (ledger) => {
    const [first] = await ledger.append([label(1)]);
    await assert.rejects(ledger.append([label(1, "not-")]), /label: is no label/);
    await assert.rejects(ledger.append([label(5, "burp", { offset: 4 })]), /lies before the onset/);
    await assert.rejects(ledger.append([{ ...label(1), lable: "burp" } as NewLabel]), /lable/);
    await assert.rejects(ledger.append([label(2, "burp", { id: first!.id })]), /in the ledger already/);
    await assert.rejects(ledger.append([label(2, "burp", { replaces: "gone" })]), /Cannot correct/);
    assert.equal((await ledger.entries()).entries.length, 1);
  }));

Deno.test("entries() names the line that is no entry", () =>
  withLedger(async (ledger, path) => {
    await ledger.append([label(1)]);
    const whole = await Deno.readTextFile(path);
    const cases: [string, RegExp][] = [
      ["no json\n", /line 2: no JSON/],
      ['{"id":"a","time":"2026-01-01T00:00:00Z","onset":1}\n', /line 2: recording/],
      [whole.replace(/"id":"\w+"/, '"id":"other"').replace('"onset":1', '"onset":-1'), /line 2: onset/],
      [whole.replace(/"id":"\w+"/, '"id":"other","votes":1'), /line 2: .*votes/],
      [whole, /line 2: the id \w+ stands there already/],
    ];
    for (const [line, message] of cases) {
      await Deno.writeTextFile(path, whole + line + '{"torn');
      await assert.rejects(ledger.entries(), (error) =>
        error instanceof SyntaxError && message.test(error.message));
    }
  }));

Deno.test("a torn last line is named, and the next label starts on a new line, wherever it was cut", () =>
  withLedger(async (ledger, path) => {
    await ledger.append([label(1), label(2, "burp", { provenance: { text: 'say "ä} {"', list: [1, 2] } })]);
    const bytes = await Deno.readFile(path);
    const end = bytes.indexOf(10) + 1;
    for (let cut = end + 1; cut < bytes.length - 1; cut += 7) {
      await Deno.writeFile(path, bytes.subarray(0, cut));
      const before = await ledger.entries();
      assert.equal(before.entries.length, 1);
      assert.deepEqual(before.torn?.map((torn) => torn.line), [2]);
      await ledger.append([label(3)]);
      const after = await ledger.entries();
      assert.deepEqual(after.entries.map((entry) => entry.onset), [1, 3], `cut at ${cut}`);
      assert.deepEqual(after.torn?.map((torn) => torn.line), [2]);
    }
    // Cut between the last brace and the line break: the entry is whole.
    await Deno.writeFile(path, bytes.subarray(0, bytes.length - 1));
    await ledger.append([label(3)]);
    const { entries, torn } = await ledger.entries();
    assert.deepEqual([entries.map((entry) => entry.onset), torn], [[1, 2, 3], undefined]);
    // What a power cut can leave of a line that was never filled.
    await Deno.writeFile(path, new Uint8Array([...bytes.subarray(0, end), 0, 0, 0, 0]));
    assert.equal((await ledger.entries()).torn?.[0]?.line, 2);
  }));

Deno.test("update() lets each of many writers see what the others added", () =>
  withLedger(async (ledger, path) => {
    const addOnce = (onset: number) =>
      openLedger(path, { clock: createFakeClock() }).update(({ entries }) =>
        entries.some((entry) => entry.onset === onset) ? [] : [label(onset)]
      );
    await Promise.all([1, 2, 1, 3, 2, 1].map(addOnce));
    assert.deepEqual((await ledger.current()).map((entry) => entry.onset).sort(), [1, 2, 3]);
  }));

// A program that adds labels in pairs and takes some back; told to, it dies in the middle of a write.
const WRITER = `const { openLedger } = await import(MODULE);
  const [path, name, first, last, dieAt] = Deno.args;
  const ledger = openLedger(path, { lockTimeoutMs: 60_000 });
  const source = { kind: "person", name };
  const { write } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.write = function (bytes) {
    if (!dying || bytes.length < 100) return write.call(this, bytes);
    return write.call(this, bytes.subarray(0, bytes.length - 40)).then(() => Deno.kill(Deno.pid, "SIGKILL"));
  };
  let dying = false;
  for (let i = Number(first); i < Number(last); i++) {
    dying = i === Number(dieAt);
    await ledger.append([0, 1].map((j) => ({
      recording: name, onset: i, offset: i + 1, label: "burp", source, provenance: { j, pad: "x".repeat(i % 30 * 100) },
    })));
    if (i % 10 === 9) await ledger.undo({ last: 1, from: { name } }, source);
  }`;

async function startWriters(path: string): Promise<(...args: unknown[]) => Promise<Deno.CommandOutput>> {
  const program = join(path, "..", "..", "writer.ts");
  const module = JSON.stringify(import.meta.resolve("lib/learning/dataset/label_ledger.ts"));
  await Deno.writeTextFile(program, WRITER.replace("MODULE", module));
  const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
  const flags = ["--no-check", "--config", config, "--allow-read", "--allow-write", "--allow-run"];
  return (...args) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, program, path, ...args.map(String)],
      stdout: "null",
      stderr: "piped",
    }).output();
}

Deno.test("three processes that write at once lose nothing, tear nothing and share no id", () =>
  withLedger(async (ledger, path) => {
    const write = await startWriters(path);
    const count = scaled({ usual: 30, long: 600 });
    const results = await Promise.all(["a", "b", "c"].map((name) => write(name, 0, count)));
    for (const { success, stderr } of results) assert.ok(success, new TextDecoder().decode(stderr));
    const { entries, undos, torn } = await ledger.entries();
    assert.deepEqual([entries.length, undos.length, torn], [6 * count, 3 * count / 10, undefined]);
    assert.equal((await ledger.current()).length, 5.7 * count);
    for (const name of ["a", "b", "c"]) {
      const own = entries.filter((entry) => entry.recording === name);
      assert.deepEqual(own.map((entry) => entry.onset), [...Array(2 * count).keys()].map((n) => n >> 1));
    }
    tellFigure(`three writers at once: ${entries.length} labels and ${undos.length} undos, none lost`);
  }));

Deno.test("a writer that is killed in the middle of a line does not keep the others from writing", () =>
  withLedger(async (ledger, path) => {
    const write = await startWriters(path);
    const [count, deaths] = scaled({ usual: [12, 2], long: [200, 40] });
    const mortal = async () => {
      for (let i = 0; i < deaths; i++) {
        const { signal } = await write("mortal", 3 * i, 3 * i + 3, 3 * i + 1);
        assert.equal(signal, "SIGKILL");
      }
    };
    const [b, c] = await Promise.all([write("b", 0, count), write("c", 0, count), mortal()]);
    for (const { success, stderr } of [b, c]) assert.ok(success, new TextDecoder().decode(stderr));
    const { entries, torn = [] } = await ledger.entries();
    const countOf = (name: string) => entries.filter((entry) => entry.recording === name).length;
    assert.deepEqual([countOf("b"), countOf("c")], [2 * count, 2 * count]);
    // Before each death a pair, at the death one whole line of two.
    assert.deepEqual([countOf("mortal"), torn.length], [3 * deaths, deaths]);
    tellFigure(
      `a third writer was killed ${deaths} times in a line: ${torn.length} torn lines named, nothing else lost`,
    );
  }));

Deno.test("clipName() is the same wherever the program runs, and clipPath() leads back", () =>
  withLedger((ledger, path) => {
    const clip = join(path, "..", "clips", "burp-audio", "a.wav");
    assert.equal(ledger.clipName(clip), "clips/burp-audio/a.wav");
    assert.equal(ledger.clipPath("clips/burp-audio/a.wav"), clip);
    assert.equal(openLedger("data/labels.jsonl").clipName("data/clips/x.wav"), "clips/x.wav");
    return Promise.resolve();
  }));

Deno.test("createLedgerParser() reads a growing ledger as parseLedger() does, and anew where it was changed", () => {
  const parse = createLedgerParser("labels");
  const line = (id: string) =>
    `${JSON.stringify({ id, time: "2026-11-21T00:00:00Z", undoes: "other", source: { kind: "person" } })}\n`;
  const texts = [
    ...[
      "",
      line("a"),
      line("a") + line("b"),
      `${line("a")}${line("b")}{"id":"c`,
      `${line("a")}${line("b")}{"id":"c\n`,
    ],
    ...[
      `${line("a")}${line("b")}{"id":"c\n${line("d")}`,
      line("x") + line("b"),
      `\uFEFF${line("y")}`,
      `\uFEFF${line("y")}${line("z")}`,
    ],
  ];
  for (const text of texts) assert.deepEqual(parse(text), parseLedger(text, "labels"));
  assert.throws(
    () => parse(`\uFEFF${line("y")}${line("z")}${line("y")}`),
    /labels, line 3: the id y stands there already/,
  );
});
