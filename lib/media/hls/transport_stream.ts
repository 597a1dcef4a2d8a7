/** What the packets of an MPEG transport stream say. */
interface TransportStreamFacts {
  /** Number of packets. */
  readonly packets: number;
  /** What is wrong with it; empty for a sound stream. */
  readonly damages: readonly string[];
  readonly hasSound: boolean;
  /** Time from the first to the last timestamp of the sound, in seconds; nothing without two timestamps. */
  readonly soundSpan: number | undefined;
  /** The same of whatever it holds, sound or picture. */
  readonly span: number | undefined;
  /** First timestamp of the sound, in seconds of the stream's own clock, which starts anew after 26.5 hours. */
  readonly soundStart: number | undefined;
}

/** A damage: bytes are missing at the end. */
export const ENDS_INSIDE = "it ends inside a packet";

const PACKET = 188;
const SYNC = 0x47;
const NULL_PID = 0x1fff;
/** Stream types of sound: MPEG-1 and -2 audio, AAC in ADTS and LATM, AC-3, E-AC-3 (ISO/IEC 13818-1, ATSC A/53). */
const SOUND_TYPES = new Set([0x03, 0x04, 0x0f, 0x11, 0x81, 0x87]);
/** The timestamps are 33 bits of a 90 kHz clock. */
const TIMESTAMP_RANGE = 2 ** 33;
const TIMESTAMP_RATE = 90_000;

/** Whether bytes look like the start of a transport stream. */
export function isTransportStream(bytes: Uint8Array): boolean {
  return bytes.length >= PACKET && bytes[0] === SYNC && (bytes.length < 2 * PACKET || bytes[PACKET] === SYNC);
}

/**
 * Walks through the packets of a transport stream (ISO/IEC 13818-1) and looks for losses: bytes between packets, error
 * flags, jumps of the continuity counters, missing tables.
 */
export function inspectTransportStream(bytes: Uint8Array): TransportStreamFacts {
  const damages = new Set<string>();
  const counters = new Map<number, number>();
  const soundPids = new Set<number>();
  let tablePid = -1;
  const sound: Stamps = {};
  const all: Stamps = {};
  if (bytes.length % PACKET !== 0) damages.add(ENDS_INSIDE);
  const packets = Math.floor(bytes.length / PACKET);
  for (let packet = 0; packet < packets; packet++) {
    const at = packet * PACKET;
    if (bytes[at] !== SYNC) {
      damages.add("bytes are missing or too many between packets");
      break; // all that follows would be misread
    }
    const header = bytes[at + 1]!;
    const pid = ((header & 0x1f) << 8) | bytes[at + 2]!;
    const control = (bytes[at + 3]! >> 4) & 3;
    if (header & 0x80) damages.add("a packet is flagged as damaged");
    if (pid === NULL_PID) continue;
    const adaptation = control & 2 ? bytes[at + 4]! + 1 : 0;
    const payload = at + 4 + adaptation;
    if (adaptation > PACKET - 4) {
      damages.add("a packet is longer than packets are");
      continue;
    }
    const jump = adaptation > 1 && (bytes[at + 5]! & 0x80) !== 0;
    if (!checkCounter(counters, pid, bytes[at + 3]! & 15, (control & 1) !== 0, jump)) {
      damages.add("packets are missing");
    }
    if (!(control & 1) || !(header & 0x40)) continue;
    const end = at + PACKET;
    if (pid === 0) tablePid = readProgramPid(bytes, payload, end) ?? tablePid;
    else if (pid === tablePid) readSoundPids(bytes, payload, end, soundPids);
    else {
      const time = readTimestamp(bytes, payload, end);
      if (time === undefined) continue;
      note(all, time);
      if (soundPids.has(pid)) note(sound, time);
    }
  }
  if (counters.size === 0 || tablePid < 0) damages.add("it has no table of contents");
  return {
    packets,
    damages: [...damages],
    hasSound: soundPids.size > 0,
    soundSpan: spanOf(sound),
    span: spanOf(all),
    soundStart: sound.first === undefined ? undefined : sound.first / TIMESTAMP_RATE,
  };
}

/** First and last timestamp of something, in ticks. */
interface Stamps {
  first?: number;
  last?: number;
}

function note(stamps: Stamps, time: number): void {
  stamps.first ??= time;
  stamps.last = time;
}

function spanOf({ first, last }: Stamps): number | undefined {
  if (first === undefined || last === undefined || first === last) return undefined;
  return ((last - first + TIMESTAMP_RANGE) % TIMESTAMP_RANGE) / TIMESTAMP_RATE;
}

function checkCounter(
  counters: Map<number, number>,
  pid: number,
  counter: number,
  hasPayload: boolean,
  jump: boolean,
): boolean {
  const previous = counters.get(pid);
  counters.set(pid, counter);
  if (previous === undefined || jump) return true;
  // A packet may come twice; one without payload does not count.
  if (counter === previous) return true;
  return hasPayload && counter === ((previous + 1) & 15);
}

function readProgramPid(bytes: Uint8Array, payload: number, end: number): number | undefined {
  const section = payload + 1 + bytes[payload]!;
  if (section + 12 > end || bytes[section] !== 0) return undefined;
  const sectionEnd = Math.min(
    end,
    section + 3 + (((bytes[section + 1]! & 0x0f) << 8) | bytes[section + 2]!) - 4,
  );
  for (let at = section + 8; at + 4 <= sectionEnd; at += 4) {
    const program = (bytes[at]! << 8) | bytes[at + 1]!;
    if (program !== 0) return ((bytes[at + 2]! & 0x1f) << 8) | bytes[at + 3]!;
  }
  return undefined;
}

function readSoundPids(bytes: Uint8Array, payload: number, end: number, soundPids: Set<number>): void {
  const section = payload + 1 + bytes[payload]!;
  if (section + 12 > end || bytes[section] !== 2) return;
  const sectionEnd = Math.min(
    end,
    section + 3 + (((bytes[section + 1]! & 0x0f) << 8) | bytes[section + 2]!) - 4,
  );
  let at = section + 12 + (((bytes[section + 10]! & 0x0f) << 8) | bytes[section + 11]!);
  while (at + 5 <= sectionEnd) {
    if (SOUND_TYPES.has(bytes[at]!)) soundPids.add(((bytes[at + 1]! & 0x1f) << 8) | bytes[at + 2]!);
    at += 5 + (((bytes[at + 3]! & 0x0f) << 8) | bytes[at + 4]!);
  }
}

/** Presentation time of the packetised element that begins here, in ticks of 90 kHz. */
function readTimestamp(bytes: Uint8Array, at: number, end: number): number | undefined {
  if (at + 14 > end || bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 1) return undefined;
  if (!(bytes[at + 7]! & 0x80)) return undefined;
  return ((bytes[at + 9]! >> 1) & 7) * 2 ** 30 + (bytes[at + 10]! << 22) + ((bytes[at + 11]! >> 1) << 15) +
    (bytes[at + 12]! << 7) + (bytes[at + 13]! >> 1);
}
