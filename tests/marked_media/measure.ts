import { requireProgram } from "lib/base/system/programs.ts";
import { runToEnd } from "lib/base/system/run_program.ts";
import type { Container } from "tests/marked_media/containers.ts";
import type { Fault } from "tests/marked_media/faults.ts";
import type { Media } from "tests/marked_media/make_media.ts";
import type { Mark } from "tests/marked_media/marked_signal.ts";
import { compare, type Use, USES, type UseTools } from "tests/marked_media/uses.ts";

/** How far a use of a recording was from the truth. */
export interface Measured {
  /** Greatest error in ms; NaN if nothing was there. */
  readonly worst: number;
  /** What is wrong, in words; undefined where nothing is. */
  readonly problem: string | undefined;
}

/** Error in ms that a coder's own smearing and the rounding of time stamps to a millisecond may make. */
const TOLERANCE = 5;
/** Where parts are joined nobody can say to the sample when the second one begins; in ms for each join. */
const JOIN = 60;
/** ffmpeg counts a packet at a change of rate by the other rate: so much for clips with picture and for windows, in ms. */
const [PICTURE_RATE_CHANGE, RATE_CHANGE] = [45, 10];
/** Clips and windows hold the very sound that was searched, to the rounding of time stamps, and to that of seeking; in ms. */
const SAME = 6;

/** Where a player shows the marks of the sound: ffprobe tells how its first picture lies. */
export async function playedMarks(container: Container, fault: Fault, media: Media): Promise<Mark[]> {
  const { latePicture = 0, leftOut = 0 } = fault;
  if (!container.video || fault.parts || leftOut > 0) return [...media.sound];
  const shift = await firstPicture(media.path) - latePicture;
  return media.sound.map(({ id, time }) => ({ id, time: time + shift }));
}

/**
 * Uses a recording and says how far what was heard and seen is from where it should be.
 *
 * @param heard What `hearAll()` gives of it, once for all uses.
 */
export async function measure(
  { container, fault, use }: { readonly container: Container; readonly fault: Fault; readonly use: Use },
  media: Media,
  heard: readonly Mark[],
  tools: Omit<UseTools, "shown">,
): Promise<Measured> {
  const wanted = await playedMarks(container, fault, media);
  const extra = heard.length - wanted.length;
  if (use === "whole") {
    const tolerance = (container.tolerance ?? TOLERANCE) + JOIN * (fault.parts?.length ?? 0);
    return describe(compare(heard, wanted), tolerance, extra > 0 ? `${extra} too many` : undefined);
  }
  // Other uses are measured against what was heard, so that each error has one cause; the first one is enough.
  const shown = media.picture.map(({ id }) => id);
  const errors = await USES[use](media.path, heard.length > 0 ? heard : wanted, { ...tools, shown });
  return describe(
    errors,
    SAME + (fault.otherSound ? use === "picture" ? PICTURE_RATE_CHANGE : RATE_CHANGE : 0),
  );
}

function describe(errors: readonly (number | undefined)[], tolerance: number, other?: string): Measured {
  const gone = errors.filter((error) => error === undefined).length;
  const worst = Math.max(...errors.filter((error) => error !== undefined), gone === errors.length ? NaN : 0);
  const problem = gone > 0
    ? `${gone} of ${errors.length} gone`
    : worst > tolerance
    ? `${worst.toFixed(1)} ms, at most ${tolerance}`
    : other;
  return { worst, problem };
}

async function firstPicture(path: string): Promise<number> {
  const { stdout } = await runToEnd((await requireProgram("ffprobe")).path, [
    ...["-v", "error", "-select_streams", "v:0", "-read_intervals", "%+#3", "-of", "json"],
    ...["-show_entries", "packet=pts_time:format=start_time", path],
  ], { timeoutMs: 60_000 });
  const { packets, format } = JSON.parse(new TextDecoder().decode(stdout));
  const times = packets.map(({ pts_time }: { pts_time?: string }) => Number(pts_time ?? NaN));
  return Math.min(...times.filter(Number.isFinite)) - Number(format.start_time ?? 0);
}
