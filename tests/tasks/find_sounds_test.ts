import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { CONFIG, inProject, type Result, run, TASKS } from "tests/tasks/listener_project.ts";

Deno.test("find --sounds lists the listener's sounds and those of one's own models", async () => {
  await inProject(async (folder) => {
    const { out } = await run(folder, "find", "--sounds");
    assert.equal(out.length, 522);
    assert(out.includes("burp (Burping, eructation)"));
    assert(out.includes(`low: ${join("models", "mine")}`));
    await writeToneModel(join(folder, "models", "own"), { eventNames: ["burp"] });
    const lines = (await run(folder, "find", "--sounds")).out;
    assert(lines.includes(`burp (Burping, eructation); with --model also ${join("models", "own")}`));
  });
});

Deno.test("find --sound takes sounds by a part of their names, from the model that knows them", async () => {
  await inProject(async (folder) => {
    const find = (...args: string[]) => run(folder, "find", "--threshold", "0", "--output", "found", ...args);
    const labels = (
      { out }: Result,
    ) => [...new Set(out.slice(1).map((line) => /,("[^"]+"|[^,]+),[\d.]+,,$/.exec(line)?.[1]))];
    assert.deepEqual(labels(await find("--sound", "laughter", "a.wav")), ["laugh"]);
    assert.deepEqual(labels(await find("--sound", "hiccup", "--sound", "eructation", "a.wav")).toSorted(), [
      "Hiccup",
      "burp",
    ]);
    assert.deepEqual(labels(await find("--sound", "low", "a.wav")), ["low"]);
    // Without a word it is burps, by the listener.
    assert.deepEqual(labels(await find("a.wav")), ["burp"]);
    const folders = (await Array.fromAsync(Deno.readDir(join(folder, "found")))).map(({ name }) => name);
    assert.deepEqual(folders.toSorted(), ["a", "a-burp-hiccup", "a-laugh", "a-low"]);

    const unclear = await find("--sound", "baby", "a.wav");
    assert.equal(unclear.code, 2);
    assert.match(
      unclear.err,
      /--sound "baby" may be "Baby laughter", "Baby cry, infant cry": name one of them/,
    );
    assert.match((await find("--sound", "xyzzy", "a.wav")).err, /is no sound that is known; .*--sounds/);
    assert.match((await find("--sound", "burp", "--event", "burp", "a.wav")).err, /say the same/);
    assert.equal((await find()).code, 2);
  });
  await inProject(async (folder) => {
    const { code, err } = await run(folder, "find", "--sound", "laughter", "a.wav");
    assert.equal(code, 2);
    assert.match(err, /"laughter" is no sound that is known; `deno task setup` gets a listener/);
  }, false);
});

Deno.test("find says what listens where nobody chose it and there is no listener", async () => {
  await inProject(async (folder) => {
    const burp = join(folder, "models", "burp");
    await Deno.mkdir(burp);
    for (const file of ["manifest.json", "model.onnx"]) {
      await Deno.copyFile(
        fileURLToPath(new URL(`../../models/burp/${file}`, import.meta.url)),
        join(burp, file),
      );
    }
    const told = async (...args: string[]) => {
      const script = ["run", "-A", "--quiet", "--no-check", "--config", CONFIG, join(TASKS, "find.ts")];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...script, ...args, "a.wav"],
        cwd: folder,
        env: { INIT_CWD: folder },
      }).output();
      const text = new TextDecoder().decode(stderr);
      assert.equal(code, 0, text);
      return text.includes("never heard a real burp: `deno task setup --only listener`");
    };
    assert.equal(await told(), true);
    assert.equal(await told("--quiet"), false);
    assert.equal(await told("--model", "models/burp"), false);
  }, false);
});

Deno.test("find --heard prints what is heard when, and keeps a table and a page", async () => {
  await inProject(async (folder) => {
    const { out, code, err } = await run(
      folder,
      "find",
      "--heard",
      "--threshold",
      "0.3",
      "--output",
      "found",
      "a.wav",
    );
    assert.equal(code, 0, err);
    assert.equal(out[0], "recording,onset,offset,label,score,clip,url");
    const onsets = out.slice(1).map((line) => Number(line.split(",")[1]));
    assert(onsets.length > 10);
    assert.deepEqual(onsets, onsets.toSorted((a, b) => a - b));
    const kept = await Deno.readTextFile(join(folder, "found", "a-heard", "events.csv"));
    assert.deepEqual(kept.trimEnd().split(/\r?\n/), out);
    const page = await Deno.readTextFile(join(folder, "found", "a-heard", "heard.html"));
    assert(page.includes("What is heard in a") && page.includes('"type":"heatmap"'));
    const nothing = await run(folder, "find", "--heard", "--output", "-", "a.wav");
    assert.equal(nothing.code, 0, nothing.err);
  });
});

Deno.test("find --like hears with the listener where it is there, and says so of one that cannot", async () => {
  await inProject(async (folder) => {
    const find = async (output: string) => {
      const script = ["run", "-A", "--quiet", "--no-check", "--config", CONFIG, join(TASKS, "find.ts")];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...script, "--like", "a.wav", "--top", "3", "--output", output, "a.wav"],
        cwd: folder,
        env: { INIT_CWD: folder },
      }).output();
      const text = new TextDecoder().decode(stderr);
      assert.equal(code, 0, text);
      const [found] = await Array.fromAsync(Deno.readDir(join(folder, output)));
      const record = JSON.parse(await Deno.readTextFile(join(folder, output, found!.name, "search.json")));
      return { text, middle: record.search.middle };
    };
    const listener = join(folder, "models", "listener");
    const { modelSha256 } = JSON.parse(await Deno.readTextFile(join(listener, "manifest.json")));
    const heard = await find("heard");
    assert.equal(heard.middle, modelSha256);
    assert(!heard.text.includes("earlier set-up"), heard.text);
    await Deno.remove(listener, { recursive: true });
    await writeToneModel(listener);
    const earlier = await find("earlier");
    assert.equal(earlier.middle, undefined);
    assert.match(earlier.text, /listener is of an earlier set-up .* deno task setup --only listener --force/);
  });
});
