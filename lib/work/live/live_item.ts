/** A span of the sound of a live stream, never of an advertisement. */
export interface LiveSound {
  readonly kind: "sound";
  /** Mono samples at the rate that was asked for. */
  readonly samples: Float32Array;
  /**
   * Time of the first sample on the stream's own timeline, in seconds: 0 where listening began. It goes on by the length
   * of what was heard and of what was missed, so that it is true also after a gap.
   */
  readonly streamTime: number;
  /** The broadcaster's clock at the first sample, in milliseconds since 1970; absent where the stream does not tell it. */
  readonly wallClockMs?: number | undefined;
  /** When the segment with these samples was here completely, on the clock's `monotonicMs()`. */
  readonly arrivedAtMs: number;
  /** Media sequence number of the segment; counted by us for files and microphones. */
  readonly sequence: number;
  /** Seconds that are missing before the first sample; 0 where the sound goes on. */
  readonly gapSeconds: number;
  /** Whether this is all that can be heard of what has arrived: the moment for an early look. */
  readonly endsSegment: boolean;
}

/** What happened to a stream. */
export type LiveNoticeKind =
  /** Sound arrives: at the start, after an outage, after the stream came back. */
  | "online"
  /** The channel is not live; we look again now and then. */
  | "offline"
  /** The broadcaster ended the stream. */
  | "ended"
  /** Sound is missing; `seconds` says how much. */
  | "gap"
  /** Nothing has come for `seconds`; we connect anew. */
  | "stall"
  /** Something failed and is tried again after `seconds`. */
  | "retry"
  /** A new permission and address were asked for, since the old one was refused. */
  | "renewed"
  /** A segment came damaged, or was left out because of it. */
  | "damaged"
  /** The stream's own clock or encoding jumps. */
  | "discontinuity"
  | "advertisement-begin"
  /** `seconds` is the length of the break. */
  | "advertisement-end";

/** Something that happened to a stream, as a value and as a line for the log. */
export interface LiveNotice {
  readonly kind: "notice";
  readonly what: LiveNoticeKind;
  /** One line for people, without addresses or tokens. */
  readonly text: string;
  /** Where on the stream's timeline, in seconds. */
  readonly streamTime: number;
  /** When it was noticed, on the clock's `now()`. */
  readonly atMs: number;
  /** How long it lasts or lasted, in seconds, where that says something. */
  readonly seconds?: number | undefined;
}

/** What a live stream gives. */
export type LiveItem = LiveSound | LiveNotice;

/** How a stream is doing. */
export type LiveState = "connecting" | "listening" | "advertisement" | "retrying" | "offline" | "ended";

/** How a stream is doing, for a status line, the log and the health port. */
export interface LiveHealth {
  readonly state: LiveState;
  /** What is listened to, for people. */
  readonly source: string;
  /** Seconds since the listening began, by the monotonic clock. */
  readonly uptimeSeconds: number;
  /** Seconds since the last sound, or nothing where none has come yet. */
  readonly secondsSinceSound: number | undefined;
  /** Seconds of sound heard, missed, and left out as advertisements. */
  readonly heardSeconds: number;
  readonly missedSeconds: number;
  readonly advertisementSeconds: number;
  /** Numbers of segments, gaps, stalls, failures that were tried again, and permissions that were renewed. */
  readonly segments: number;
  readonly gaps: number;
  readonly stalls: number;
  readonly retries: number;
  readonly renewals: number;
  /** Seconds by which we are behind the broadcaster's clock, where the stream tells it. */
  readonly delaySeconds: number | undefined;
  /** Sound that has arrived and is not decoded yet, in seconds. */
  readonly undecodedSeconds: number;
  readonly lastProblem: string | undefined;
}

/** A live stream that is being listened to; to be iterated once. Leaving the loop ends everything that belongs to it. */
export interface LiveStream extends AsyncIterable<LiveItem> {
  health(): LiveHealth;
  /** The health in one line. */
  statusLine(): string;
  /**
   * What the broadcaster's clock showed at a time of the stream's timeline, and when its segment arrived; nothing for
   * times that are older than some minutes or not heard.
   */
  locate(streamTime: number): LivePlace | undefined;
}

/** A moment of a live stream. */
export interface LivePlace {
  /** In milliseconds since 1970, where the stream tells it. */
  readonly wallClockMs?: number | undefined;
  /** On the clock's `monotonicMs()`. */
  readonly arrivedAtMs: number;
  readonly sequence: number;
}
