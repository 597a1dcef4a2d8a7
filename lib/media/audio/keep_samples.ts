/** What is kept of a sound, in samples; `to` may be `Infinity`. */
export interface SampleSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Leaves out what lies between spans of a sound: the last samples of one go over into the first of the next, so that each join
 * makes the sound shorter by the crossfade. Where the beginning or the end is left out, what is kept is faded.
 *
 * @param blocks Samples whose channels alternate, in blocks of whole frames.
 * @param options.kept In the order of time, apart from each other, each longer than two crossfades.
 * @param options.fade Samples of a crossfade.
 */
export async function* keepSamples(
  blocks: AsyncIterable<Float64Array>,
  { channels, kept, fade }: {
    readonly channels: number;
    readonly kept: readonly SampleSpan[];
    readonly fade: number;
  },
): AsyncGenerator<Float64Array, void, void> {
  const tail = new Float64Array(fade * channels);
  let held = 0;
  let position = 0;
  for await (const block of blocks) {
    const end = position + block.length / channels;
    for (const { from, to } of kept) {
      const behindFade = from === 0 ? 0 : from + fade;
      const beforeFade = to - fade;
      const part = (begin: number, stop: number) =>
        block.subarray(
          (Math.max(begin, position) - position) * channels,
          (Math.max(begin, Math.min(stop, end), position) - position) * channels,
        );
      const opening = part(from, behindFade).slice();
      const first = Math.max(0, position - from) * channels;
      for (let n = 0; n < opening.length; n++) {
        const share = shareAt(first + n, { channels, fade });
        opening[n] = opening[n]! * share + (held > 0 ? tail[first + n]! * (1 - share) : 0);
      }
      if (opening.length > 0) {
        yield opening;
        if (end >= behindFade) held = 0;
      }
      const middle = part(behindFade, beforeFade);
      if (middle.length > 0) yield middle;
      const closing = part(beforeFade, to);
      tail.set(closing, closing.length > 0 ? held : 0);
      held += closing.length;
    }
    position = end;
  }
  if (held > 0) yield tail.slice(0, held).map((x, n) => x * (1 - shareAt(n, { channels, fade })));
}

function shareAt(
  n: number,
  { channels, fade }: { readonly channels: number; readonly fade: number },
): number {
  return (Math.floor(n / channels) + 0.5) / fade;
}
