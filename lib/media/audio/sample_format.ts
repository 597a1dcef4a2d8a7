/** How one sample is stored in a WAV file; little-endian, 8 bit unsigned, the other integers signed. */
export type SampleFormat = "pcm8" | "pcm16" | "pcm24" | "pcm32" | "float32" | "float64";

/** Bytes of one sample of one channel. */
export const BYTES_PER_SAMPLE = {
  pcm8: 1,
  pcm16: 2,
  pcm24: 3,
  pcm32: 4,
  float32: 4,
  float64: 8,
} as const satisfies Record<SampleFormat, number>;

// Some programs store floats scaled to 16 or even 24 bit integers. What is beyond that is damage, and its power would overflow later on.
const MAX_AMPLITUDE = 2 ** 24;

/**
 * Converts interleaved samples to mono: the mean of the channels, with full scale at 1.
 * Floats that are not finite become 0.
 *
 * @param bytes Whole frames of `channels` samples each.
 * @param into Where they are to be written, at its beginning; a new array by default.
 * @returns One value per frame.
 */
export function decodeFrames(
  bytes: Uint8Array<ArrayBuffer>,
  { format, channels }: { format: SampleFormat; channels: number },
  into?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const width = BYTES_PER_SAMPLE[format];
  const frames = Math.floor(bytes.length / (width * channels));
  const count = frames * channels;
  const mono = into?.subarray(0, frames) ?? new Float32Array(frames);
  switch (format) {
    case "pcm16":
      return mixIntegers(mono, new Int16Array(aligned(bytes, 2), offsetIn(bytes, 2), count), 2 ** 15);
    case "pcm32":
      return mixIntegers(mono, new Int32Array(aligned(bytes, 4), offsetIn(bytes, 4), count), 2 ** 31);
    case "float32":
      return mixFloats(mono, new Float32Array(aligned(bytes, 4), offsetIn(bytes, 4), count));
    case "float64":
      return mixFloats(mono, new Float64Array(aligned(bytes, 8), offsetIn(bytes, 8), count));
    case "pcm24":
      return mixIntegers(mono, widen24(bytes, count), 2 ** 23);
    case "pcm8":
      return mixIntegers(mono, centre8(bytes, count), 2 ** 7);
  }
}

/**
 * Converts samples with full scale at 1 to bytes, rounded to the nearest step; what exceeds full scale is clipped.
 * NaN becomes 0 in the integer formats.
 */
export function encodeSamples(samples: Float32Array, format: SampleFormat): Uint8Array<ArrayBuffer> {
  const count = samples.length;
  switch (format) {
    case "pcm8": {
      const bytes = new Uint8Array(count);
      for (let i = 0; i < count; i++) bytes[i] = 128 + toInteger(samples[i]!, 2 ** 7);
      return bytes;
    }
    case "pcm16":
      return bytesOf(toIntegers(new Int16Array(count), samples, 2 ** 15));
    case "pcm24": {
      const bytes = new Uint8Array(3 * count);
      for (let i = 0; i < count; i++) {
        const value = toInteger(samples[i]!, 2 ** 23);
        bytes[3 * i] = value;
        bytes[3 * i + 1] = value >> 8;
        bytes[3 * i + 2] = value >> 16;
      }
      return bytes;
    }
    case "pcm32":
      return bytesOf(toIntegers(new Int32Array(count), samples, 2 ** 31));
    case "float32":
      return bytesOf(new Float32Array(samples));
    case "float64":
      return bytesOf(new Float64Array(samples));
  }
}

function toIntegers<T extends Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
  target: T,
  samples: Float32Array,
  fullScale: number,
): T {
  for (let i = 0; i < target.length; i++) target[i] = toInteger(samples[i]!, fullScale);
  return target;
}

function toInteger(sample: number, fullScale: number): number {
  const value = Math.round(sample * fullScale);
  return value >= fullScale ? fullScale - 1 : value < -fullScale ? -fullScale : value || 0;
}

function mixIntegers(
  mono: Float32Array<ArrayBuffer>,
  values: Int8Array | Int16Array | Int32Array,
  fullScale: number,
): Float32Array<ArrayBuffer> {
  const channels = mono.length === 0 ? 1 : values.length / mono.length;
  const scale = 1 / (fullScale * channels);
  if (channels === 1) {
    for (let i = 0; i < mono.length; i++) mono[i] = values[i]! * scale;
  } else if (channels === 2) {
    for (let i = 0; i < mono.length; i++) mono[i] = (values[2 * i]! + values[2 * i + 1]!) * scale;
  } else {
    for (let i = 0, k = 0; i < mono.length; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += values[k++]!;
      mono[i] = sum * scale;
    }
  }
  return mono;
}

function mixFloats(
  mono: Float32Array<ArrayBuffer>,
  values: Float32Array | Float64Array,
): Float32Array<ArrayBuffer> {
  const channels = mono.length === 0 ? 1 : values.length / mono.length;
  for (let i = 0, k = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const value = values[k++]!;
      // The comparison is false for NaN and infinities alike.
      if (Math.abs(value) <= MAX_AMPLITUDE) sum += value;
    }
    mono[i] = sum / channels;
  }
  return mono;
}

function widen24(bytes: Uint8Array, count: number): Int32Array {
  const values = new Int32Array(count);
  for (let i = 0, k = 0; i < count; i++, k += 3) {
    values[i] = ((bytes[k]! << 8) | (bytes[k + 1]! << 16) | (bytes[k + 2]! << 24)) >> 8;
  }
  return values;
}

function centre8(bytes: Uint8Array, count: number): Int8Array {
  const values = new Int8Array(count);
  for (let i = 0; i < count; i++) values[i] = bytes[i]! - 128;
  return values;
}

function aligned(bytes: Uint8Array<ArrayBuffer>, width: number): ArrayBuffer {
  return bytes.byteOffset % width === 0 ? bytes.buffer : bytes.slice().buffer;
}

function offsetIn(bytes: Uint8Array, width: number): number {
  return bytes.byteOffset % width === 0 ? bytes.byteOffset : 0;
}

function bytesOf(array: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
