import createPffft from "@echogarden/pffft-wasm/simd";

/** The functions of the WebAssembly build of PFFFT (J. Pommier) that we call. Pointers are byte addresses. */
interface Pffft {
  _pffft_new_setup(size: number, kind: number): number;
  _pffft_aligned_malloc(bytes: number): number;
  _pffft_transform_ordered(
    setup: number,
    input: number,
    output: number,
    work: number,
    direction: number,
  ): void;
}

type Instantiate = (
  imports: WebAssembly.Imports,
  receive: (instance: WebAssembly.Instance) => void,
) => unknown;

async function load(): Promise<{ pffft: Pffft; memory: WebAssembly.Memory }> {
  const file = new URL("pffft.wasm", import.meta.resolve("@echogarden/pffft-wasm/simd"));
  let memory: WebAssembly.Memory | undefined;
  // Emscripten's hook for making the instance oneself: it is the only way to its memory, which our kernel shares
  // so that spectra need not be copied.
  const instantiateWasm: Instantiate = (imports, receive) => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(Deno.readFileSync(file)), imports);
    memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
    receive(instance);
    return instance.exports;
  };
  const create = createPffft as unknown as (options: { instantiateWasm: Instantiate }) => Promise<Pffft>;
  const pffft = await create({ instantiateWasm });
  if (!memory) {
    throw new TypeError("The FFT package exports no memory: its version is not the one that we know");
  }
  return { pffft, memory };
}

// A few milliseconds, once per thread; after it everything that uses the heap is synchronous.
const loaded = await load();

/** The FFT library. */
export const pffft: Pffft = loaded.pffft;

/** The memory of the FFT library, which our own kernel works in as well. It grows, and is never given back. */
export const wasmMemory: WebAssembly.Memory = loaded.memory;

/**
 * Reserves zeroed memory for `length` floats, for good.
 *
 * @returns The byte address, a multiple of 64.
 * @throws {RangeError} when there is no memory left.
 */
export function reserveFloats(length: number): number {
  const address = pffft._pffft_aligned_malloc(length * 4);
  if (address === 0) throw new RangeError(`No memory left for ${length} floats`);
  viewFloats(address, length).fill(0);
  return address;
}

/** The floats at a byte address. Views die when the memory grows: take one, use it, drop it. */
export function viewFloats(address: number, length: number): Float32Array {
  return new Float32Array(wasmMemory.buffer, address, length);
}
