import assert from "node:assert/strict";
import { join } from "node:path";
import denoConfig from "../../deno.json" with { type: "json" };
import { EXIT_CODES } from "tasks/command.ts";
import { readOptions } from "tasks/command/options.ts";
import { BOT_OPTIONS } from "tasks/bot/options.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

/** The unit of the README, without what is of the reader. */
async function readUnit(home: string): Promise<string> {
  const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
  const unit = /```ini\n([^`]+)```/.exec(readme)?.[1];
  assert.ok(unit, "the README has no unit");
  return unit.replaceAll("%h", home);
}

function readSections(unit: string): Map<string, string> {
  let section = "";
  return new Map(
    unit.split("\n").flatMap((line): [string, string][] => {
      section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
      const [, key, value] = /^(\w+)=(.+)$/.exec(line) ?? [];
      return key === undefined ? [] : [[`${section}.${key}`, value!]];
    }),
  );
}

Deno.test("the README's unit starts the bot with options that it takes, and holds no secret", async () => {
  const unit = readSections(await readUnit("/home/somebody"));
  const [program, task, name, ...args] = unit.get("Service.ExecStart")!.split(" ");
  assert.match(program!, /^\/.*\/deno$/);
  assert.equal(task, "task");
  assert.ok(name! in denoConfig.tasks);
  const sources = { args, env: () => undefined, config: {}, takesPositionals: false, userFolder: "" };
  const { values } = readOptions(BOT_OPTIONS, sources);
  assert.equal(values["live"], true);
  assert.equal(values["channel"], "NAME");
  const folder = unit.get("Service.WorkingDirectory")!;
  const secrets = unit.get("Service.EnvironmentFile")!;
  assert.ok(secrets.startsWith(`${folder}/data/`), "not where git ignores it");
  // SIGTERM ends it with this code, which is no failure.
  assert.equal(unit.get("Service.SuccessExitStatus"), String(EXIT_CODES.terminated));
});

Deno.test({
  name: "systemd accepts the README's unit",
  ignore: !(await new Deno.Command("systemd-analyze", { args: ["--version"], stdout: "null" }).output()
    .then(({ success }) => success, () => false)),
  fn: () =>
    inTemporaryFolder(async (home) => {
      const unit = await readUnit(home);
      const program = readSections(unit).get("Service.ExecStart")!.split(" ")[0]!;
      await Deno.mkdir(join(program, ".."), { recursive: true });
      await Deno.symlink(Deno.execPath(), program);
      const path = join(home, "burp-bot.service");
      await Deno.writeTextFile(path, unit);
      const { code, stderr } = await new Deno.Command("systemd-analyze", {
        args: ["--user", "verify", path],
        env: { XDG_RUNTIME_DIR: home },
      }).output();
      const said = new TextDecoder().decode(stderr);
      assert.equal(code, 0, said);
      assert.ok(!said.includes("burp-bot"), said);
    }),
});
