/** Sizes of the chunks that a network is run on, in log-mel frames. */
interface ChunkSizes {
  /** Frames whose scores are kept; a multiple of `stride`. */
  readonly chunk: number;
  /** Frames before and after them that can change those scores. */
  readonly context: number;
  /** Frames for each score. */
  readonly stride: number;
  /** Mel bands M. */
  readonly width: number;
  /** Value of a mel band in silence, which is what we take to be around the recording. */
  readonly silence: number;
}

/** Cuts a stream of log-mel frames into overlapping chunks. */
export interface FrameChunker {
  /** Takes frames, shape [t, M]; gives the chunks that are complete now, shape [context + chunk + context, M]. */
  push(frames: Float32Array): Float32Array<ArrayBuffer>[];
  /** Gives the last chunks, the very last of which may be shorter; to be called once, at the end. */
  flush(): Float32Array<ArrayBuffer>[];
}

/**
 * Makes a chunker: with a network whose scores depend on at most `context` frames on each side, the scores of a
 * chunk's middle are those that one run over the whole recording would give.
 *
 * @throws {RangeError} If the chunk is not a multiple of the stride, above 0.
 */
export function createFrameChunker(sizes: ChunkSizes): FrameChunker {
  const { chunk, context, stride, width, silence } = sizes;
  if (!(chunk > 0) || chunk % stride !== 0 || context % stride !== 0) {
    throw new RangeError(`Cannot cut chunks of ${chunk} frames: the stride of ${stride} does not fit`);
  }
  const buffer = new Float32Array((chunk + 2 * context) * width);
  let filled = context * width;
  let received = 0;
  buffer.fill(silence, 0, filled);

  const append = (values: Float32Array): Float32Array<ArrayBuffer>[] => {
    const chunks: Float32Array<ArrayBuffer>[] = [];
    for (let at = 0; at < values.length;) {
      const count = Math.min(values.length - at, buffer.length - filled);
      buffer.set(values.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled < buffer.length) continue;
      chunks.push(buffer.slice());
      buffer.copyWithin(0, chunk * width);
      filled = 2 * context * width;
    }
    return chunks;
  };

  return {
    push(frames) {
      received += frames.length / width;
      return append(frames);
    },
    flush() {
      const missing = (stride - received % stride) % stride;
      const chunks = append(new Float32Array((missing + context) * width).fill(silence));
      if (filled > 2 * context * width) chunks.push(buffer.slice(0, filled));
      return chunks;
    },
  };
}
