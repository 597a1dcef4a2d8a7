import assert from "node:assert/strict";
import denoConfig from "../../../deno.json" with { type: "json" };
import { GROUPS } from "tasks/command/command_list.ts";

/** Runs a command as a user does. */
async function task(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["task", ...args] })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

Deno.test("deno task help lists every command once, in groups, at most 80 columns wide", async () => {
  const { code, out } = await task("help");
  assert.equal(code, 0);
  const lines = out.split("\n");
  for (const line of lines) assert.ok(line.length <= 80, line);
  for (const group of Object.keys(GROUPS)) assert.ok(lines.includes(group), group);
  const listed = lines.filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim().split(" ")[0]);
  assert.deepEqual(listed.toSorted(), Object.keys(denoConfig.tasks).toSorted());
  assert.deepEqual(new Set(listed).size, listed.length);
});

Deno.test("every command has help of at most 80 columns and a version", async () => {
  for (const name of Object.keys(denoConfig.tasks)) {
    const { code, out } = await task(name, "--help");
    assert.equal(code, 0, name);
    assert.match(out, new RegExp(`^${name}: .*\\n(.*\\n)*Usage: deno task ${name}`), name);
    for (const line of out.split("\n")) assert.ok(line.length <= 80, `${name}: ${line}`);
    const version = await task(name, "--version");
    assert.deepEqual([version.code, version.out], [
      0,
      `Burp Finder ${denoConfig.version}, Deno ${Deno.version.deno}\n`,
    ], name);
  }
});

Deno.test("the line that Deno echoes before a command is short", async () => {
  const { err } = await task("find", "--help");
  // deno-lint-ignore no-control-regex
  const echoed = err.replaceAll(/\x1b\[\d+m/g, "").trim();
  assert.equal(echoed, "Task find deno run -qP=online tasks/find.ts '--help'");
});
