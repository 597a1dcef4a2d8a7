import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { AudioError } from "lib/media/audio/audio_error.ts";
import { expandInputs } from "lib/media/audio/inputs.ts";

const FILES = {
  "b.wav": "",
  "a.MP3": "",
  "notes.txt": "",
  ".hidden.wav": "",
  "clips/c1.wav": "",
  "clips/c2.flac": "",
  "clips/c[1].wav": "",
  "clips/deep/d.ogg": "",
  "clips/.trash/e.wav": "",
  "code/main.ts": "import x",
  "code/stream.ts": "G\x00\x00",
  "empty/readme.md": "",
};

async function inTree(
  test: (at: (...paths: string[]) => string[], root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, content] of Object.entries(FILES)) {
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), content);
    }
    await test((...paths) => paths.map((path) => join(root, path)), root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("expandInputs() searches folders for sound and video, hidden files and programs left out", async () => {
  await inTree(async (at, root) => {
    assert.deepEqual(
      await expandInputs([root]),
      at(
        "a.MP3",
        "b.wav",
        "clips/c1.wav",
        "clips/c2.flac",
        "clips/c[1].wav",
        "clips/deep/d.ogg",
        "code/stream.ts",
      ),
    );
  });
});

Deno.test("expandInputs() takes a named file whatever its extension, and each file once", async () => {
  await inTree(async (at) => {
    const named = at("notes.txt", "clips/c[1].wav", "b.wav", "notes.txt");
    assert.deepEqual(await expandInputs([...named, ...at("*.wav")]), named.slice(0, 3));
  });
});

Deno.test("expandInputs() expands globs", async () => {
  await inTree(async (at) => {
    const cases: Record<string, string[]> = {
      "*.wav": ["b.wav"],
      "clips/c?.*": ["clips/c1.wav", "clips/c2.flac"],
      "clips/c[2-9].flac": ["clips/c2.flac"],
      "clips/c[!2]*.wav": ["clips/c1.wav", "clips/c[1].wav"],
      "**/*.{ogg,flac}": ["clips/c2.flac", "clips/deep/d.ogg"],
      "clips/**": ["clips/c1.wav", "clips/c2.flac", "clips/c[1].wav", "clips/deep/d.ogg"],
      "c*/*/*.ogg": ["clips/deep/d.ogg"],
      ".hid*.wav": [".hidden.wav"],
      "*/*.ts": ["code/stream.ts"],
    };
    for (const [pattern, expected] of Object.entries(cases)) {
      assert.deepEqual(await expandInputs(at(pattern)), at(...expected), pattern);
    }
  });
});

Deno.test("expandInputs() names what gives nothing, and goes on if it may", async () => {
  await inTree(async (at) => {
    const bad = at("missing.wav", "*.nothing", "empty", "clips/[z-a].wav");
    for (const pattern of bad) await assert.rejects(expandInputs([pattern]), AudioError);
    const errors: AudioError[] = [];
    const files = await expandInputs([...bad, ...at("b.wav")], { onError: (error) => errors.push(error) });
    assert.deepEqual(files, at("b.wav"));
    assert.deepEqual(errors.map((error) => error.recording), bad);
  });
});

Deno.test({
  name: "expandInputs() follows links to folders, but not round for ever",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await inTree(async (at, root) => {
      await Deno.symlink(join(root, "clips"), join(root, "clips/deep/up"));
      await Deno.symlink(join(root, "code"), join(root, "clips/link"));
      const found = await expandInputs(at("clips"));
      assert.deepEqual(
        found,
        at("clips/c1.wav", "clips/c2.flac", "clips/c[1].wav", "clips/deep/d.ogg", "clips/link/stream.ts")
          .toSorted(),
      );
    });
  },
});
