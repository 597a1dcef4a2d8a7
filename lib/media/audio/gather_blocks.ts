import { concatenate } from "lib/base/numbers/concatenate.ts";

/** All samples of blocks, at once, shape [N]; for clips and short streams, since all are held in memory. */
export async function gatherBlocks(
  blocks: AsyncIterable<Float32Array<ArrayBuffer>>,
): Promise<Float32Array<ArrayBuffer>> {
  const all = await Array.fromAsync(blocks);
  const [first] = all;
  if (all.length === 1 && first!.byteLength === first!.buffer.byteLength) return first!;
  return concatenate(all);
}
