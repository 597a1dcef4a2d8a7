import { AudioError } from "lib/media/audio/audio_error.ts";

/** One of the audio tracks of a recording. */
interface AudioTrack {
  /** Counted from 1, among the audio tracks. */
  readonly number: number;
  /** Three letters, as `eng`. */
  readonly language: string | undefined;
  readonly title: string | undefined;
  /** Whether the file says that players are to play it. */
  readonly isDefault: boolean;
}

/** The audio tracks that ffmpeg describes, in their order. */
export function parseAudioTracks(messages: string): AudioTrack[] {
  const [input = ""] = messages.split("] Output #0");
  const tracks: AudioTrack[] = [];
  // The tags of a stream stand between its line and that of the next.
  for (const text of input.split(/(?=Stream #0:\d+)/).slice(1)) {
    const [line = ""] = text.split("\n");
    const head = /^Stream #0:\d+(?:\[\w+\])?(?:\((\w+)\))?: Audio: /.exec(line);
    if (!head) continue;
    tracks.push({
      number: tracks.length + 1,
      language: head[1] === "und" ? undefined : head[1],
      title: /^.*\] +title +: (.+)$/m.exec(text)?.[1]?.trim(),
      isDefault: /\(default\)/.test(line),
    });
  }
  return tracks;
}

/**
 * The track to be heard: the one that was asked for, else what players play, the first that is marked as default, else
 * the first.
 *
 * @param wanted Number, language or title.
 * @throws {AudioError} if there is no such track; it names those that there are.
 */
export function chooseTrack(
  recording: string,
  tracks: readonly AudioTrack[],
  wanted: string | undefined,
): AudioTrack | undefined {
  if (wanted === undefined) return tracks.find(({ isDefault }) => isDefault) ?? tracks[0];
  const word = wanted.toLowerCase();
  const found = tracks.find(({ number }) => String(number) === word) ??
    tracks.find(({ language, title }) => language?.toLowerCase() === word || title?.toLowerCase() === word);
  if (found) return found;
  const count = tracks.length === 1 ? "1 audio track" : `${tracks.length} audio tracks`;
  const list = tracks.length > 1 ? ` (${tracks.map(describeTrack).join("; ")})` : "";
  throw new AudioError(recording, `there is no audio track "${wanted}", it has ${count}${list}`);
}

/** Number, title and language of a track. */
export function describeTrack({ number, title, language }: AudioTrack): string {
  return [String(number), ...(title ? [`"${title}"`] : []), ...(language ? [language] : [])].join(" ");
}
