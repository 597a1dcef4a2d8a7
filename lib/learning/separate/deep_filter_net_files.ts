import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The files of DeepFilterNet: the library for this machine, and the network as its makers pack it. */
export interface DeepFilterNetFiles {
  readonly library: string;
  /** A `.tar.gz` of three ONNX graphs and their configuration. */
  readonly model: string;
}

const FOLDER = fileURLToPath(new URL("../../../.cache/deepfilternet", import.meta.url));
const LIBRARIES = { darwin: "libdeepfilter.dylib", windows: "deepfilter.dll" } as const;

/** Where `deno task setup` puts them. */
export function deepFilterNetFiles(): DeepFilterNetFiles {
  const { os } = Deno.build;
  const library = os === "darwin" || os === "windows" ? LIBRARIES[os] : "libdeepfilter.so";
  return { library: join(FOLDER, library), model: join(FOLDER, "DeepFilterNet3_onnx.tar.gz") };
}
