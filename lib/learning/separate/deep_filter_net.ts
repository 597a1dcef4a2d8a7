import type { DeepFilterNetFiles } from "lib/learning/separate/deep_filter_net_files.ts";
import { createHopStream } from "lib/learning/separate/hop_stream.ts";
import type { Separator } from "lib/learning/separate/separator.ts";

// The library's C interface (DeepFilterNet, libDF/src/capi.rs).
const SYMBOLS = {
  df_create: { parameters: ["buffer", "f32", "pointer"], result: "pointer" },
  df_get_frame_length: { parameters: ["pointer"], result: "usize" },
  df_process_frame: { parameters: ["pointer", "buffer", "buffer"], result: "f32", nonblocking: true },
  df_free: { parameters: ["pointer"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

const SAMPLE_RATE = 48_000;
/** Most that anything but voice is lowered by, in dB: as good as gone. */
const ATTENUATION_DB = 100;
/** Its spectra span two frames, of which one is still to come, and it looks two frames ahead. */
const DELAY_FRAMES = 3;

/**
 * Tells voice from everything else with DeepFilterNet3 (Schröter et al. 2023, MIT or Apache-2.0). Each channel has a network of
 * its own, on a thread of its own. Needs permission to load a library (`ffi`).
 *
 * @throws {Error} If a file is missing, or the library is not one for this machine.
 */
export async function openDeepFilterNet({ library, model }: DeepFilterNetFiles): Promise<Separator> {
  for (const path of [library, model]) {
    // A missing network would end the whole process inside the library.
    const isThere = await Deno.stat(path).then(({ isFile }) => isFile, () => false);
    if (!isThere) throw new Error(`${path}: there is no such file; run \`deno task setup --only separator\``);
  }
  let symbols: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];
  try {
    ({ symbols } = Deno.dlopen(library, SYMBOLS));
  } catch (cause) {
    throw new Error(`${library}: this is no library of DeepFilterNet for this machine`, { cause });
  }
  const path = new TextEncoder().encode(`${model}\0`);
  return {
    name: "DeepFilterNet3",
    sampleRate: SAMPLE_RATE,
    open(channels) {
      const states = Array.from({ length: channels }, () => symbols.df_create(path, ATTENUATION_DB, null));
      const hop = Number(symbols.df_get_frame_length(states[0]!));
      return Promise.resolve(createHopStream(channels, {
        hop,
        delay: DELAY_FRAMES * hop,
        async process(input, output) {
          await Promise.all(states.map((state, c) => symbols.df_process_frame(state, input[c]!, output[c]!)));
        },
        close: () => states.forEach((state) => symbols.df_free(state)),
      }));
    },
  };
}
