import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { extractZipEntry, listZip } from "lib/base/system/zip_reader.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

/** Composes a ZIP archive, each file stored or deflated. */
function makeZip(
  files: readonly { name: string; data: Uint8Array; deflate: boolean }[],
  comment = "",
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let position = 0;
  for (const { name, data, deflate } of files) {
    const nameBytes = new TextEncoder().encode(name);
    const body = deflate ? new Uint8Array(deflateRawSync(data)) : data;
    const fields = (signature: number, extra: number) => {
      const header = new DataView(new ArrayBuffer(30 + extra));
      const at = extra === 0 ? 4 : 6;
      header.setUint32(0, signature, true);
      header.setUint16(at + 4, deflate ? 8 : 0, true);
      header.setUint32(at + 10, crc32(data), true);
      header.setUint32(at + 14, body.length, true);
      header.setUint32(at + 18, data.length, true);
      header.setUint16(at + 22, nameBytes.length, true);
      if (extra > 0) header.setUint32(42, position, true);
      return new Uint8Array(header.buffer);
    };
    directory.push(fields(0x02014b50, 16), nameBytes);
    const local = [fields(0x04034b50, 0), nameBytes, body];
    parts.push(...local);
    position += local.reduce((sum, part) => sum + part.length, 0);
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, directory.reduce((sum, part) => sum + part.length, 0), true);
  end.setUint32(16, position, true);
  end.setUint16(20, comment.length, true);
  const all = [...parts, ...directory, new Uint8Array(end.buffer), new TextEncoder().encode(comment)];
  return new Uint8Array(Buffer.concat(all));
}

const FILES = [
  { name: "a/long.bin", data: Uint8Array.from({ length: 200_000 }, (_, i) => i % 97), deflate: true },
  { name: "stored.txt", data: new TextEncoder().encode("as it is"), deflate: false },
  { name: "empty", data: new Uint8Array(), deflate: false },
];

Deno.test("listZip() and extractZipEntry() give back deflated, stored and empty files, behind a comment too", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "x.zip");
    await Deno.writeFile(path, makeZip(FILES, "a comment"));
    const entries = await listZip(path);
    assert.deepEqual(entries.map((entry) => entry.name), FILES.map((file) => file.name));
    for (const [i, entry] of entries.entries()) {
      await extractZipEntry(path, entry, join(folder, "out", entry.name));
      assert.deepEqual(await Deno.readFile(join(folder, "out", entry.name)), FILES[i]!.data);
    }
  }));

Deno.test("listZip() rejects a file that is cut short or no archive", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "x.zip");
    const whole = makeZip(FILES);
    for (
      const bytes of [new Uint8Array(), new Uint8Array(100), whole.subarray(0, -30), whole.subarray(500)]
    ) {
      await Deno.writeFile(path, bytes);
      await assert.rejects(listZip(path), SyntaxError);
    }
  }));

Deno.test("extractZipEntry() rejects an entry whose size is not what the list says", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "x.zip");
    await Deno.writeFile(path, makeZip(FILES));
    const [entry] = await listZip(path);
    await assert.rejects(
      extractZipEntry(path, { ...entry!, size: 5 }, join(folder, "out")),
      /200000 bytes, not 5/,
    );
    await assert.rejects(extractZipEntry(path, { ...entry!, position: 3 }, join(folder, "out")), SyntaxError);
  }));
