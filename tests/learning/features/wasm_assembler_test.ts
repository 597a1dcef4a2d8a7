import assert from "node:assert/strict";
import { melKernel } from "lib/learning/features/mel_kernel.ts";
import { assembleModule, signed, unsigned } from "lib/learning/features/wasm_assembler.ts";
import { reserveFloats, viewFloats } from "lib/learning/features/wasm_heap.ts";

Deno.test("unsigned() and signed() are LEB128", () => {
  // The examples of the DWARF standard, section 7.6.
  assert.deepEqual([2, 127, 128, 129, 12_857].map(unsigned), [[2], [127], [128, 1], [129, 1], [0xb9, 0x64]]);
  assert.deepEqual([2, -2, 127, -127, 128, -128].map(signed), [
    [2],
    [0x7e],
    [0xff, 0],
    [0x81, 0x7f],
    [0x80, 1],
    [0x80, 0x7f],
  ]);
});

Deno.test("assembleModule() makes a valid module of no functions", () => {
  assert.ok(WebAssembly.validate(assembleModule([])));
});

Deno.test("logarithm() is the binary logarithm to single precision over all magnitudes", () => {
  const values = Float32Array.from({ length: 4000 }, (_, i) => 2 ** (i / 20 - 100) * (1 + (i % 7) / 13));
  const address = reserveFloats(values.length);
  viewFloats(address, values.length).set(values);
  melKernel.logarithm(address, address + values.length * 4, 0, 1, 0);
  for (const [i, value] of viewFloats(address, values.length).entries()) {
    const exact = Math.log2(values[i]!);
    assert.ok(
      Math.abs(value - exact) <= 2e-7 * Math.max(1, Math.abs(exact)),
      `log2(${values[i]}) is ${value}`,
    );
  }
});
