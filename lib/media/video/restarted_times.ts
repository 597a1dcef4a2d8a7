import { runProgram } from "lib/base/system/run_program.ts";

/** Where the sound of a recording is when all its streams are copied from the beginning. */
export interface CopiedTimes {
  /** Time in the copy of what is heard at a time of the recording; both in seconds. */
  toCopy(seconds: number): number;
}

/** A packet of sound or picture. */
interface Packet {
  /** In seconds. */
  readonly time: number;
  readonly checksum: string;
}

/** Gaps below ten hours are none for ffmpeg to close, as they are none when sound is read. */
export const KEEP_GAPS = ["-dts_delta_threshold", "36000"] as const;

/** How many packets of the two copies may differ in number: one may end in the midst of a packet. */
const MOST_APART = 50;

/**
 * Finds out whether time stamps begin anew within a recording, as where files were put one after the other. Reading it
 * from its beginning then tells where parts are, and seeking does not: ffmpeg goes on with the time of the stream whose
 * packet comes first, so that sound that is copied with its picture may lie elsewhere than the same sound read alone.
 *
 * @param track Number of the track of sound.
 * @returns Nothing where time stamps only grow.
 */
export async function findRestartedTimes(
  ffmpeg: string,
  path: string,
  track: number,
  signal: AbortSignal | undefined,
): Promise<CopiedTimes | undefined> {
  const input = ["-i", `file:${path}`];
  const list = (
    number: number,
    output: string,
  ) => ["-map", `${number}:a:${track}`, "-c", "copy", "-f", "framecrc", output];
  const open = (args: readonly string[]) =>
    readPackets(
      runProgram(ffmpeg, ["-v", "quiet", "-nostdin", "-protocol_whitelist", "file,pipe", ...args], {
        signal,
      }).stdout,
    );
  let last = -Infinity;
  let restarted = false;
  for await (const { time } of open(["-copyts", ...input, ...list(0, "pipe:1")])) {
    // ffmpeg writes the last time again and again until the stamps have caught up.
    if (time <= last) {
      restarted = true;
      break;
    }
    last = time;
  }
  if (!restarted) return undefined;
  const alone = open([...KEEP_GAPS, ...input, ...list(0, "pipe:1")]);
  const together = open([
    ...[...KEEP_GAPS, ...input, ...list(0, "pipe:1")],
    ...["-map", "0:v:0", "-c", "copy", "-f", "null", "-"],
  ]);
  return compare(alone, together);
}

/** Lists by how much two copies of the same packets are apart, wherever that changes. */
async function compare(
  alone: AsyncGenerator<Packet>,
  together: AsyncGenerator<Packet>,
): Promise<CopiedTimes> {
  const shifts: { readonly from: number; readonly shift: number }[] = [];
  for await (const packet of alone) {
    for (let skipped = 0; skipped < MOST_APART; skipped++) {
      const other = (await together.next()).value;
      if (!other) break;
      if (other.checksum !== packet.checksum) continue;
      const shift = other.time - packet.time;
      if (shifts.at(-1)?.shift !== shift) shifts.push({ from: packet.time, shift });
      break;
    }
  }
  await together.return(undefined);
  return { toCopy: (seconds) => seconds + (shifts.findLast(({ from }) => from <= seconds)?.shift ?? 0) };
}

/** Reads what ffmpeg's `framecrc` writes of one stream: a line for each packet, after lines about the stream. */
export async function* readPackets(stdout: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  let unit = 1;
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stdout) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const base = /^#tb 0: (\d+)\/(\d+)/.exec(line);
      if (base) unit = Number(base[1]) / Number(base[2]);
      const [stream, , time, , , checksum] = line.split(/,\s*/);
      if (stream === "0" && checksum) yield { time: Number(time) * unit, checksum };
    }
  }
}
