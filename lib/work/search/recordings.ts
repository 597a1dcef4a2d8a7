import { isBesideMedia, isMediaName } from "lib/base/events/media_name.ts";
import type { SoundEvent } from "lib/base/events/sound_event.ts";
import { exists } from "lib/base/system/exists.ts";
import { openFileBytes } from "lib/media/audio/byte_source.ts";
import { expandInputs } from "lib/media/audio/inputs.ts";
import { findPlatformRecording } from "lib/media/platforms/platforms.ts";
import { fileRecording } from "lib/media/recording/file_recording.ts";
import type { Recording } from "lib/media/recording/recording.ts";
import type { NamedVod } from "lib/media/recording/vod_recording.ts";
import { pipeRecording, STANDARD_INPUT } from "lib/work/search/pipe_recording.ts";

/** A recording as a search takes it: any, and what only some of them need to be told and asked. */
export interface SearchedRecording extends Recording {
  /** Told of events while it is searched, so that what is cut afterwards need not be fetched again. */
  holdEvents?(events: readonly SoundEvent[]): void;
  /** Whether its media is still to be fetched and kept; it is not, unless this says otherwise. */
  mediaIsDue?(): Promise<boolean>;
  /** What a search would do apart from searching, in words; fails as a search would. */
  describePlan?(): Promise<string>;
  /** Removes what was kept of it for the time of the search. */
  close?(): Promise<void>;
}

/**
 * The recordings that a user named: files, folders, globs, and what platforms have, by id or address. What exists on the disk is no VOD.
 * A shell's `d/*` names what lies beside recordings, too: annotations and notes are passed over if anything else is named.
 *
 * @param options `openVod` makes a recording of a VOD; `onError` is told in one line of what is none, `onNote` of what
 * was passed over.
 * @returns Each recording once, in the order of the words.
 */
export async function findRecordings(
  words: readonly string[],
  { openVod, onError, onNote, keepPipes = false, track }: {
    readonly openVod: (vod: NamedVod) => Promise<SearchedRecording>;
    readonly onError: (text: string) => void;
    readonly onNote: (text: string) => void;
    /** Whether the sound of pipes is kept until the end. */
    readonly keepPipes?: boolean | undefined;
    /** Audio track of files to be heard. */
    readonly track?: string | undefined;
  },
): Promise<SearchedRecording[]> {
  const recordings = new Map<string, SearchedRecording>();
  const asides: string[] = [];
  const beside = await filesBeside(words);
  const wanted = beside.length < words.length ? words.filter((word) => !beside.includes(word)) : words;
  if (wanted !== words && beside.length > 0) {
    const [first, ...others] = beside;
    onNote(
      others.length === 0
        ? `passed over, since it is no recording: ${first}`
        : `${beside.length} files passed over, since they are no recordings: ${
          beside.slice(0, 3).join(", ")
        }` +
          (beside.length > 3 ? " and others" : ""),
    );
  }
  for (const word of wanted) {
    if (word === STANDARD_INPUT || await isPipe(word)) {
      if (!recordings.has(word)) recordings.set(word, pipeRecording(word, { keep: keepPipes, track }));
      continue;
    }
    let named: Awaited<ReturnType<typeof findPlatformRecording>>;
    try {
      named = await exists(word) ? undefined : await findPlatformRecording(word);
    } catch (error) {
      // One recording that is missing must not cost the others.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      onError(error.message);
      continue;
    }
    if (named?.kind === "vod") {
      const key = `VOD ${named.id}`;
      if (!recordings.has(key)) recordings.set(key, await openVod(named));
    } else if (named) {
      if (!recordings.has(named.media)) recordings.set(named.media, fileRecording(named.media, track));
    } else if (/^https?:\/\//i.test(word)) {
      onError(`${word}: this is no address of a Twitch VOD: download the recording, and give the file`);
    } else {
      // A folder of annotations beside recordings is as good as a file of them.
      const isBeside = wanted.length > 1 &&
        await Deno.stat(word).then((info) => info.isDirectory, () => false);
      const tell = ({ message }: Error) => isBeside ? asides.push(message) : onError(message);
      for (const path of await expandInputs([word], { onError: tell })) {
        if (!recordings.has(path)) recordings.set(path, fileRecording(path, track));
      }
    }
  }
  asides.forEach(recordings.size > 0 ? onNote : onError);
  return [...recordings.values()];
}

async function isPipe(word: string): Promise<boolean> {
  return await Deno.stat(word).then(
    (info) => info.isFifo === true || info.isCharDevice === true,
    () => false,
  );
}

/** Files among the words that are no recordings: by their names, or since they hold text under a name that says nothing. */
async function filesBeside(words: readonly string[]): Promise<string[]> {
  const beside = [];
  for (const word of words) {
    if (isMediaName(word) || !await Deno.stat(word).then(({ isFile }) => isFile, () => false)) continue;
    if (isBesideMedia(word) || await holdsText(word)) beside.push(word);
  }
  return beside;
}

/** Whether a file begins with characters alone, as no sound does. */
async function holdsText(path: string): Promise<boolean> {
  const file = await openFileBytes(path).catch(() => undefined);
  if (!file) return false; // opening it says what is wrong
  const head = await file.peek(512);
  await file.close();
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return text !== "" && !text.includes("\0");
  } catch {
    return false;
  }
}
