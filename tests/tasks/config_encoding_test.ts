import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

Deno.test("data/config.json is read as any editor saves it: with a byte order mark, and in UTF-16", async () => {
  await inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "data"));
    const marked = '\uFEFF{ "find": { "threshold": 7 } }\r\n';
    for (
      const bytes of [
        new TextEncoder().encode(marked),
        new Uint8Array(Uint16Array.from([...marked], (character) => character.charCodeAt(0)).buffer),
      ]
    ) {
      await Deno.writeFile(join(folder, "data/config.json"), bytes);
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--config", resolve("deno.json"), resolve("tasks/find.ts"), "x.wav"],
        cwd: folder,
      }).output();
      // The value was read, and is refused as such.
      assert.match(new TextDecoder().decode(stderr), /"threshold" in the configuration file must be/);
      assert.equal(code, 2);
    }
  });
});
