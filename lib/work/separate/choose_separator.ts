import { exists } from "lib/base/system/exists.ts";
import { openDeepFilterNet } from "lib/learning/separate/deep_filter_net.ts";
import { deepFilterNetFiles } from "lib/learning/separate/deep_filter_net_files.ts";
import { openDemucs } from "lib/learning/separate/demucs.ts";
import type { Separator } from "lib/learning/separate/separator.ts";
import { createSpectralSeparator } from "lib/learning/separate/spectral_separator.ts";

/**
 * Opens a separator: `deepfilternet`, `filter`, or a file of Demucs as ONNX; without a choice DeepFilterNet where it is there,
 * else the filter, which is said.
 */
export async function chooseSeparator(
  choice: string | undefined,
  { onNote }: { readonly onNote?: ((text: string) => void) | undefined } = {},
): Promise<Separator> {
  const files = deepFilterNetFiles();
  if (choice === "filter") return createSpectralSeparator();
  if (choice === "deepfilternet") return await openDeepFilterNet(files);
  if (choice !== undefined) return await openDemucs(choice);
  if (await exists(files.library) && await exists(files.model)) return await openDeepFilterNet(files);
  onNote?.(
    "a plain filter separates, which leaves much behind: `deno task setup --only separator` fetches DeepFilterNet3",
  );
  return createSpectralSeparator();
}
