import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type Command, defineCommand, EXIT_CODES, runCommand, UsageError } from "tasks/command.ts";
import type { OptionTable } from "tasks/command/options.ts";
import type { Host } from "tasks/command/host.ts";
import { plainMessage } from "tasks/command/plain_message.ts";
import { editDistance, suggest } from "tasks/command/suggestion.ts";

interface Session {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** Runs a command on a made-up host. */
async function run<Table extends OptionTable>(
  command: Command<Table>,
  args: readonly string[],
  options: Partial<Host> & { readonly variables?: Record<string, string> } = {},
): Promise<Session> {
  let out = "";
  let err = "";
  const code = await runCommand(command, {
    args,
    env: (name) => options.variables?.[name],
    readConfig: () => undefined,
    commands: ["find", "train"],
    userFolder: "",
    version: "Burp Finder 0.0.0",
    columns: () => 80,
    write: (text) => {
      out += text;
      return true;
    },
    writeError: (text) => void (err += text),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    onInterrupt: () => () => {},
    ...options,
  });
  return { out, err, code };
}

const find = defineCommand({
  name: "find",
  summary: "finds a sound in recordings",
  positionals: { name: "FILE", help: "recordings", min: 1 },
  options: {
    model: {
      type: "string",
      path: true,
      value: "DIR",
      default: "models/burp",
      env: "MODEL",
      help: "model to use",
    },
    threshold: {
      type: "number",
      min: -5,
      max: 5,
      help: "score above which a frame counts",
      defaultText: "what was tuned",
    },
    batchSize: { type: "integer", min: 1, default: 32, env: "BATCH_SIZE", help: "clips in a batch" },
    format: {
      type: "list",
      separator: ",",
      choices: ["csv", "json"],
      default: ["csv"],
      help: "formats to write",
    },
    style: { type: "string", choices: ["short", "long"], default: "short", help: "style of the lines" },
    clips: { type: "boolean", default: true, help: "cut clips" },
    force: { type: "boolean", help: "overwrite" },
  },
  examples: [["deno task find talk.wav", "prints what is found"]],
  run: ({ options, positionals, printRaw }) => printRaw(JSON.stringify({ ...options, positionals })),
});

async function parsed(
  args: string[],
  options: Parameters<typeof run>[2] = {},
): Promise<Record<string, unknown>> {
  const { out, err, code } = await run(find, args, options);
  assert.equal(code, EXIT_CODES.done, err);
  return JSON.parse(out);
}

async function usageError(args: string[], options: Parameters<typeof run>[2] = {}): Promise<string> {
  const { out, err, code } = await run(find, args, options);
  assert.equal(code, EXIT_CODES.wrongUsage);
  assert.equal(out, "");
  assert.match(err, /--help/);
  return err.split("\n")[0]!;
}

const config = (value: unknown) => ({ readConfig: () => JSON.stringify(value) });

Deno.test("runCommand() gives defaults where nothing is set", async () => {
  assert.deepEqual(await parsed(["a.wav"]), {
    model: "models/burp",
    batchSize: 32,
    format: ["csv"],
    style: "short",
    clips: true,
    force: false,
    json: false,
    quiet: false,
    verbose: false,
    help: false,
    version: false,
    positionals: ["a.wav"],
  });
});

Deno.test("runCommand() reads values after a space or an equals sign, negative numbers and negated switches", async () => {
  const values = await parsed([
    "--threshold",
    "-3.5",
    "--batch-size=8",
    "--no-clips",
    "-q",
    "a.wav",
    "--force",
    "b.wav",
  ]);
  assert.equal(values["threshold"], -3.5);
  assert.equal(values["batchSize"], 8);
  assert.equal(values["clips"], false);
  assert.equal(values["quiet"], true);
  assert.equal(values["force"], true);
  assert.deepEqual(values["positionals"], ["a.wav", "b.wav"]);
  assert.equal((await parsed(["--clips=no", "a"]))["clips"], false);
  assert.deepEqual((await parsed(["a", "--", "--force"]))["positionals"], ["a", "--force"]);
});

Deno.test("runCommand() takes an option under its variable's name too", async () => {
  assert.equal((await parsed(["--BATCH_SIZE", "8", "a.wav"]))["batchSize"], 8);
  assert.equal((await parsed(["--BATCH_SIZE=9", "a.wav"]))["batchSize"], 9);
});

Deno.test("runCommand() joins repeated lists and splits at the separator", async () => {
  assert.deepEqual((await parsed(["a", "--format", "csv", "--format", "json"]))["format"], ["csv", "json"]);
  assert.deepEqual((await parsed(["a", "--format=csv,json"]))["format"], ["csv", "json"]);
});

Deno.test("runCommand() gives words after a list option to it where the command takes no words", async () => {
  const train = defineCommand({
    name: "train",
    summary: "trains",
    options: { negatives: { type: "list", help: "folders" }, epochs: { type: "integer", help: "epochs" } },
    examples: [],
    run: ({ options, printRaw }) => printRaw(options.negatives.join("|")),
  });
  const { out } = await run(train, ["--negatives", "a", "b", "--epochs", "3", "--negatives", "c"]);
  assert.equal(out, "a|b|c\n");
  assert.match((await run(train, ["--epochs", "3", "d"])).err, /"d" is one argument too many/);
});

Deno.test("runCommand() puts flags before the environment, this before the file, and this before defaults", async () => {
  const file = config({
    find: { batchSize: 2, MODEL: "from/file", threshold: 1, "style": "long" },
    train: { epochs: 1 },
  });
  const sources = { ...file, variables: { BATCH_SIZE: "3", MODEL: "from/env" } };
  const values = await parsed(["a", "--batch-size", "4"], sources);
  assert.deepEqual([values["batchSize"], values["model"], values["threshold"]], [4, "from/env", 1]);
  assert.equal((await parsed(["a"], sources))["batchSize"], 3);
  assert.equal((await parsed(["a"], file))["batchSize"], 2);
  assert.equal((await parsed(["a"], { ...file, variables: { BATCH_SIZE: "" } }))["batchSize"], 2);
  assert.equal((await parsed(["a"], config({ find: { "batch-size": 7 } })))["batchSize"], 7);
});

Deno.test("runCommand() names wrong usage in one line, with exit code 2", async () => {
  const cases: [string[], RegExp][] = [
    [[], /FILE\.\.\. is missing/],
    [["a", "--treshold", "1"], /unknown option --treshold; did you mean --threshold\?/],
    [["a", "--xyz"], /unknown option --xyz$/],
    [["a", "--threshold"], /--threshold needs a value/],
    [["a", "--model", "--force"], /--model needs a value \(.*--model=--force\)/],
    [["a", "--threshold", "much"], /--threshold must be a number, is "much"/],
    [["a", "--threshold", ""], /--threshold must be a number/],
    [["a", "--threshold", "6"], /--threshold must be from -5 to 5, is 6/],
    [["a", "--batch-size", "0"], /--batch-size must be at least 1, is 0/],
    [["a", "--batch-size", "1.5"], /--batch-size must be a whole number/],
    [["a", "--format", "jsn"], /--format must be one of csv, json, is "jsn"; did you mean json\?/],
    [["a", "--force=maybe"], /--force must be true or false/],
    [["a", "--no-model"], /unknown option --no-model/],
  ];
  for (const [args, pattern] of cases) assert.match(await usageError(args), pattern);
});

Deno.test("runCommand() names what is wrong in the environment and the configuration file", async () => {
  assert.match(await usageError(["a"], { variables: { BATCH_SIZE: "x" } }), /BATCH_SIZE must be a number/);
  assert.match(
    await usageError(["a"], config({ find: { treshold: 1 } })),
    /unknown key "treshold".*did you mean threshold/,
  );
  assert.match(await usageError(["a"], config({ fnd: {} })), /unknown command "fnd".*did you mean find/);
  assert.match(
    await usageError(["a"], config({ find: { threshold: [1] } })),
    /"threshold".* cannot be \[1\]/,
  );
  assert.match(await usageError(["a"], config([])), /must hold one object/);
  assert.match(await usageError(["a"], { readConfig: () => "{" }), /not valid JSON/);
});

Deno.test("runCommand() sees paths from the folder that the user is in", async () => {
  const values = await parsed(["a.wav", "/x/b.wav", "https://a.test/c", "v123", "--model", "mine"], {
    userFolder: "data/vods",
  });
  assert.deepEqual(values["positionals"], ["data/vods/a.wav", "/x/b.wav", "https://a.test/c", "v123"]);
  assert.equal(values["model"], "data/vods/mine");
  assert.equal((await parsed(["a"], { userFolder: "data" }))["model"], "models/burp");
  const streams = await parsed(["folder://streams/a", "folder:///x/b"], { userFolder: "data" });
  assert.deepEqual(streams["positionals"], ["folder://data/streams/a", "folder:///x/b"]);
});

Deno.test("runCommand() sees an address of a folder from there too, where an option is no path otherwise", async () => {
  const listen = defineCommand({
    ...failing(undefined),
    options: { channel: { type: "string", help: "channel" } },
    run: ({ options, printRaw }) => printRaw(String(options.channel)),
  });
  const channel = async (text: string) =>
    (await run(listen, ["--channel", text], { userFolder: "data/vods" })).out;
  assert.equal(await channel("folder://mine"), "folder://data/vods/mine\n");
  assert.equal(await channel("mine"), "mine\n");
});

Deno.test("--help shows usage, every option with its default, and examples, whatever else is wrong", async () => {
  const { out, code } = await run(find, ["--help"], config({ fnd: 1 }));
  assert.equal(code, EXIT_CODES.done);
  assert.match(out, /Usage: deno task find \[options\] FILE\.\.\./);
  const words = out.replaceAll(/\s+/g, " ");
  assert.match(words, /--batch-size N clips in a batch \(default 32; environment BATCH_SIZE\)/);
  assert.match(words, /--threshold X .*\(default what was tuned\)/);
  assert.match(out, /--no-clips/);
  assert.match(out, /-q, --quiet/);
  assert.match(out, /deno task find talk\.wav\n {6}prints what is found/);
  for (const line of out.split("\n")) assert.ok(line.length <= 80, line);
});

Deno.test("--help puts options under their headings, those of none first, and breaks long command lines", async () => {
  const grouped = defineCommand({
    ...find,
    groups: { "How it counts": ["threshold", "batchSize"] },
    examples: [[`deno task find ${"recording.wav ".repeat(9).trim()}`, "a long line"]],
  });
  const { out } = await run(grouped, ["--help"]);
  const [model, heading, threshold, every] = [
    "--model",
    "\nHow it counts:\n",
    "--threshold",
    "\nOf every command:\n",
  ]
    .map((text) => out.indexOf(text));
  assert.ok(0 < model! && model! < heading! && heading! < threshold! && threshold! < every!, out);
  assert.match(out, / {2}deno task find recording\.wav .* \\\n {4}recording\.wav/);
  for (const line of out.split("\n")) assert.ok(line.length <= 80, line);
});

Deno.test("--version says the version, whatever else is wrong", async () => {
  assert.deepEqual(await run(find, ["--version"], config({ fnd: 1 })), {
    code: EXIT_CODES.done,
    out: "Burp Finder 0.0.0\n",
    err: "",
  });
});

Deno.test("an option's former name still works on the command line and in the file, with a hint", async () => {
  const renamed = defineCommand({
    ...failing(undefined),
    positionals: find.positionals!,
    options: { clipFolder: { type: "string", path: true, formerly: "clips", help: "folder" } },
    run: ({ options, printRaw }) => printRaw(String(options.clipFolder)),
  });
  assert.deepEqual(await run(renamed, ["--clips", "a", "b.wav"], { userFolder: "data" }), {
    code: EXIT_CODES.done,
    out: "data/a\n",
    err: "warning: --clips is now called --clip-folder\n",
  });
  const { out } = await run(renamed, ["b.wav"], config({ find: { clips: "a" } }));
  assert.equal(out, "a\n");
});

function failing(error: unknown) {
  return defineCommand({
    name: "find",
    summary: "",
    options: {},
    examples: [],
    run: () => Promise.reject(error),
  });
}

Deno.test("runCommand() prints one line per error, secrets left out, and a stack only with --verbose", async () => {
  const { err, code } = await run(failing(new TypeError("bad\n  file oauth:abcdef123")), []);
  assert.equal(code, EXIT_CODES.failed);
  assert.equal(err, "error: bad file ***\n");
  assert.match(
    (await run(failing(new Error("bad", { cause: new Error("root") })), ["-v"])).err,
    /at .*\n[^]*caused by .*root/,
  );
  const several = await run(failing(new AggregateError([new Error("one"), new Error("two")])), []);
  assert.equal(several.err, "error: one\nerror: two\n");
  assert.equal((await run(failing(new UsageError("no")), [])).code, EXIT_CODES.wrongUsage);
});

Deno.test("plainMessage() puts the file first where the system refused it, and leaves other messages", async () => {
  const message = async (work: () => Promise<unknown>) => {
    try {
      return await work();
    } catch (error) {
      return plainMessage((error as Error).message);
    }
  };
  // The words after the file are the system's own.
  const expected = /^no-such\/a\.csv: [^(]+$/;
  assert.match(`${await message(() => Deno.open("no-such/a.csv"))}`, expected);
  assert.match(`${await message(() => Deno.readTextFile("no-such/a.csv"))}`, expected);
  assert.match(`${await message(() => Deno.stat("no-such/a.csv"))}`, expected);
  assert.match(`${await message(() => Deno.rename("no-such/a.csv", "no-such/b.csv"))}`, expected);
  assert.match(`${await message(() => readFile("no-such/a.csv"))}`, expected);
  assert.equal(plainMessage("a.csv: line 3 has no onset"), "a.csv: line 3 has no onset");
});

Deno.test("runCommand() gives the command's own exit code", async () => {
  const command = defineCommand({ name: "find", summary: "", options: {}, examples: [], run: () => 1 });
  assert.equal((await run(command, [])).code, 1);
});

Deno.test("runCommand() hands on an interruption and ends with 130, whether the work throws or returns", async () => {
  for (const ending of ["throws", "returns"]) {
    let interrupt = () => {};
    const command = defineCommand({
      name: "find",
      summary: "",
      options: {},
      examples: [],
      run: ({ signal }) => {
        interrupt();
        if (ending === "throws") signal.throwIfAborted();
      },
    });
    const { code, err } = await run(command, [], {
      onInterrupt: (listener) => {
        interrupt = listener;
        return () => {};
      },
    });
    assert.equal(code, EXIT_CODES.interrupted);
    assert.doesNotMatch(err, /error/);
  }
});

Deno.test("runCommand() stops quietly when nobody reads its results", async () => {
  const command = defineCommand({
    name: "find",
    summary: "",
    options: {},
    examples: [],
    run: ({ print, signal }) => {
      print("one");
      signal.throwIfAborted();
    },
  });
  assert.deepEqual(await run(command, [], { write: () => false }), {
    out: "",
    err: "",
    code: EXIT_CODES.failed,
  });
});

Deno.test("print() speaks to people, printJson() with --json, and log keeps to the level", async () => {
  const command = defineCommand({
    name: "find",
    summary: "",
    options: {},
    examples: [],
    run: ({ print, printJson, log }) => {
      print("12 events");
      printJson({ events: 12 });
      log.info("info");
      log.debug("debug");
      log.error("bad");
    },
  });
  assert.deepEqual(await run(command, []), { out: "12 events\n", err: "info\nerror: bad\n", code: 0 });
  assert.deepEqual(await run(command, ["--json", "--quiet"]), {
    out: '{"events":12}\n',
    err: "error: bad\n",
    code: 0,
  });
  assert.match((await run(command, ["-v"])).err, /debug: debug/);
});

Deno.test("suggest() offers the closest known word only when it is close", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("modle", "model"), 1);
  assert.equal(suggest("--modle", ["--output", "--model"]), "; did you mean --model?");
  assert.equal(suggest("--xyz", ["--model"]), "");
});
