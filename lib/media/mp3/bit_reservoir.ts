import type { MadeFrame } from "lib/media/mp3/encode_frames.ts";
import { emptyFrame, farthestBegin, largestBitrate, mainDataBytes } from "lib/media/mp3/mp3_frame.ts";
import type { Mp3Stream } from "lib/media/mp3/mp3_stream.ts";

/** The main data of a frame that stands in frames before it; zeros where those are missing. */
export function reservoirBefore(
  { bytes, frames }: Pick<Mp3Stream, "bytes" | "frames">,
  index: number,
): Uint8Array {
  const reservoir = new Uint8Array(frames[index]!.mainDataBegin);
  let missing = reservoir.length;
  for (let i = index - 1; i >= 0 && missing > 0; i--) {
    const { at, length, headLength } = frames[i]!;
    const taken = Math.min(missing, length - headLength);
    reservoir.set(bytes.subarray(at + length - taken, at + length), missing - taken);
    missing -= taken;
  }
  return reservoir;
}

/**
 * Frames without a bit reservoir so that their main data ends with that of the frame behind them. As many of the last ones as it
 * takes get a higher bitrate, which is room and no quality.
 *
 * @throws {RangeError} If there is no room at the highest bitrate.
 */
export function fitReservoir(made: readonly MadeFrame[], reservoir: Uint8Array): Uint8Array<ArrayBuffer>[] {
  for (let raised = 0; raised <= made.length; raised++) {
    const placed = place(made, { reservoir, raised });
    if (placed) return placed;
  }
  throw new RangeError("Cannot cut: the new frames have no room for the main data of the frame behind them");
}

function place(
  made: readonly MadeFrame[],
  { reservoir, raised }: { readonly reservoir: Uint8Array; readonly raised: number },
): Uint8Array<ArrayBuffer>[] | undefined {
  const bitrates = made.map(({ frame }, i) =>
    i < made.length - raised ? frame.bitrate : largestBitrate(frame)
  );
  const rooms = made.map(({ bytes, frame }, i) => {
    const empty = emptyFrame(bytes, frame, { bitrate: bitrates[i]!, mainDataBegin: 0 });
    return {
      headLength: 4 + frame.headLength - ((bytes[frame.at + 1]! & 1) === 1 ? 4 : 6),
      length: empty.length,
    };
  });
  const data = new Uint8Array(rooms.reduce((sum, { length, headLength }) => sum + length - headLength, 0));
  const begins: number[] = [];
  let end = 0;
  let room = 0;
  for (const [i, { bytes, frame }] of made.entries()) {
    const from = Math.max(end, room - farthestBegin(frame));
    const needed = mainDataBytes(bytes, frame);
    const main = frame.at + frame.headLength;
    begins.push(room - from);
    room += rooms[i]!.length - rooms[i]!.headLength;
    end = from + needed;
    if (end > room) return undefined;
    data.set(bytes.subarray(main, main + needed), from);
  }
  if (end + reservoir.length > data.length) return undefined;
  data.set(reservoir, data.length - reservoir.length);
  let at = 0;
  return made.map(({ bytes, frame }, i) => {
    const result = emptyFrame(bytes, frame, { bitrate: bitrates[i]!, mainDataBegin: begins[i]! });
    const { headLength } = rooms[i]!;
    result.set(data.subarray(at, at + result.length - headLength), headLength);
    at += result.length - headLength;
    return result;
  });
}
