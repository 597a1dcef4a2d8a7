import assert from "node:assert/strict";
import { join } from "node:path";
import {
  findProgram,
  forgetPrograms,
  MissingProgramError,
  requireProgram,
} from "lib/base/system/programs.ts";

/** Runs with environment variables set (or taken away), and puts them back. */
async function withEnvironment(values: Record<string, string>, run: () => Promise<void>): Promise<void> {
  const earlier = Object.keys(values).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(values)) Deno.env.set(name, value);
  forgetPrograms();
  try {
    await run();
  } finally {
    for (const [name, value] of earlier) {
      value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
    }
    forgetPrograms();
  }
}

Deno.test("requireProgram() names a variable that leads nowhere and says how to get the program", () =>
  withEnvironment({ FFMPEG_PATH: "/nowhere/ffmpeg" }, async () => {
    assert.equal(await findProgram("ffmpeg"), undefined);
    await assert.rejects(
      requireProgram("ffmpeg"),
      (error) =>
        error instanceof MissingProgramError && /FFMPEG_PATH names \/nowhere\/ffmpeg/.test(error.message) &&
        /deno task setup/.test(error.message),
    );
  }));

Deno.test("findProgram() finds nothing on an empty PATH", () =>
  withEnvironment({ PATH: "", CXX: "" }, async () => {
    assert.equal(await findProgram("c++"), undefined);
    await assert.rejects(requireProgram("c++"), /c\+\+ was not found\. Install a C\+\+ compiler/);
  }));

Deno.test({
  name: "findProgram() runs what it finds, by variable first, and looks only once",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const write = async (name: string, code: string, mode = 0o755) => {
        await Deno.writeTextFile(join(folder, name), `#!/bin/sh\n${code}\n`);
        await Deno.chmod(join(folder, name), mode);
      };
      await write("g++", "exit 1");
      await write("clang++", "echo 'clang version 17.0.1 (x)'");
      await write("mine", "echo 'mine version N-92722-static https://x.test built with gcc 6.3.0'");
      await write("broken", "exit 1");
      await withEnvironment({ PATH: folder, CXX: "" }, async () => {
        const found = { path: join(folder, "clang++"), version: "17.0.1", source: "PATH" };
        assert.deepEqual(await findProgram("c++"), found);
        await Deno.remove(join(folder, "clang++"));
        assert.deepEqual(await findProgram("c++"), found);
      });
      for (const value of ["mine", join(folder, "mine")]) {
        await withEnvironment({ PATH: folder, CXX: value }, async () => {
          assert.deepEqual(await findProgram("c++"), {
            path: join(folder, "mine"),
            version: "N-92722-static",
            source: "CXX",
          });
        });
      }
      await withEnvironment({ PATH: folder, FFMPEG_PATH: join(folder, "broken") }, async () => {
        assert.equal(await findProgram("ffmpeg"), undefined);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
