import assert from "node:assert/strict";
import { join } from "node:path";
import { createAtomicWriter, writeFileAtomic, writeFolderAtomic } from "lib/base/system/atomic_file.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map((entry) => entry.name).toSorted();
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("writeFileAtomic() replaces a file and leaves nothing beside it", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.txt");
    await writeFileAtomic(path, "one");
    await writeFileAtomic(path, bytes("two"));
    assert.equal(await Deno.readTextFile(path), "two");
    assert.deepEqual(namesIn(folder), ["a.txt"]);
  }));

Deno.test("createAtomicWriter() shows the file only after commit()", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.bin");
    const writer = await createAtomicWriter(path);
    await writer.write(bytes("____ one"));
    await writer.seekWrite(0, bytes("head"));
    await writer.write(bytes(" two"));
    assert.ok(!namesIn(folder).includes("a.bin"));
    await writer.commit();
    await writer.abort();
    assert.equal(await Deno.readTextFile(path), "head one two");
    assert.deepEqual(namesIn(folder), ["a.bin"]);
  }));

Deno.test("abort() leaves the earlier file and no temporary one", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.txt");
    await writeFileAtomic(path, "earlier");
    const writer = await createAtomicWriter(path);
    await writer.write(bytes("half"));
    await writer.abort();
    assert.equal(await Deno.readTextFile(path), "earlier");
    assert.deepEqual(namesIn(folder), ["a.txt"]);
  }));

Deno.test("writeFileAtomic() over a folder fails and leaves no temporary file", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.mkdir(join(folder, "taken"));
    await assert.rejects(writeFileAtomic(join(folder, "taken"), "x"));
    assert.deepEqual(namesIn(folder), ["taken"]);
  }));

Deno.test({
  name: "writeFileAtomic() writes through a symbolic link",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTemporaryFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "real.txt"), "one");
      await Deno.symlink("real.txt", join(folder, "link.txt"));
      await writeFileAtomic(join(folder, "link.txt"), "two");
      assert.equal(await Deno.readTextFile(join(folder, "real.txt")), "two");
      assert.ok((await Deno.lstat(join(folder, "link.txt"))).isSymlink);
    }),
});

Deno.test("writeFolderAtomic() makes a whole folder or none, and refuses an existing one", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "models", "burp");
    await assert.rejects(
      writeFolderAtomic(path, async (temporary) => {
        await Deno.writeTextFile(join(temporary, "half"), "x");
        throw new Error("disk full");
      }),
      /disk full/,
    );
    assert.deepEqual(namesIn(join(folder, "models")), []);

    await writeFolderAtomic(path, (temporary) => Deno.writeTextFile(join(temporary, "whole"), "x"));
    assert.deepEqual(namesIn(path), ["whole"]);

    await assert.rejects(writeFolderAtomic(path, () => Promise.resolve()), Deno.errors.AlreadyExists);
    assert.deepEqual(namesIn(path), ["whole"]);
  }));
