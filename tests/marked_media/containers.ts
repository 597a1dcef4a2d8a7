/** A container with a coder that ffmpeg can write. */
export interface Container {
  /** Such as `ts aac`: what the file is called in tables. */
  readonly name: string;
  readonly extension: string;
  /** Arguments of ffmpeg for the sound, and for the container. */
  readonly audio: readonly string[];
  /** Arguments for the picture, where there is one. */
  readonly video?: readonly string[];
  /** Whether packets have time stamps, so that sound may begin late and pause. */
  readonly timed?: boolean;
  /** Units a second of the time stamps of its sound and of its picture. */
  readonly units?: readonly [number, number];
  /** Whether its picture is none that MP4 files hold, as clips are. */
  readonly cannotBeCut?: boolean;
  /** Whether files that were put one after the other are a file. */
  readonly joins?: boolean;
  /** Whether its time stamps have 33 bits. */
  readonly wraps?: boolean;
  /** Whether it says which of several tracks is the default one. */
  readonly defaults?: boolean;
  /** Whether it may say that a player leaves out its beginning. */
  readonly edits?: boolean;
  /** Greatest error in ms of its sound where nothing says how late the coder is; 5 by default. */
  readonly tolerance?: number;
}

/** Of containers that have the same for all their tracks. */
const UNITS: Readonly<Record<string, number>> = {
  mkv: 1000,
  webm: 1000,
  flv: 1000,
  wmv: 1000,
  ts: 90_000,
  m2ts: 90_000,
  mts: 90_000,
  mpg: 90_000,
};
/** Packets of Opus count samples of 48 kHz until Matroska writes them; new ffmpegs let the file begin with its padding. */
const OPUS = [48_000, 1000] as const;
const MPEG4 = ["-c:v", "mpeg4", "-q:v", "2"];
const H264 = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-pix_fmt", "yuv420p"];
const VP9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M"];
const MPEG2 = ["-c:v", "mpeg2video", "-q:v", "2"];

function sound(name: string, extension: string, audio: string, more: Partial<Container> = {}): Container {
  return { name, extension, audio: audio.split(" "), ...more };
}

function film(name: string, extension: string, audio: string, more: Partial<Container> = {}): Container {
  const unit = UNITS[extension];
  const units = unit ? [unit, unit] as const : [48_000, 12_800] as const;
  return sound(name, extension, audio, { video: MPEG4, timed: true, units, ...more });
}

/** Every container and coder that is tried. */
export const CONTAINERS: readonly Container[] = [
  sound("wav pcm", "wav", "-c:a pcm_s16le"),
  sound("wav 24 bit", "wav", "-c:a pcm_s24le"),
  sound("wav mulaw", "wav", "-c:a pcm_mulaw"),
  sound("wav adpcm_ms", "wav", "-c:a adpcm_ms"),
  sound("wav adpcm_ima", "wav", "-c:a adpcm_ima_wav"),
  sound("wav gsm", "wav", "-c:a libgsm_ms -ar 8000 -ac 1"),
  sound("wav mp3", "wav", "-c:a libmp3lame", { tolerance: 26 }),
  sound("rf64", "wav", "-c:a pcm_s16le -rf64 always"),
  sound("w64", "w64", "-c:a pcm_s16le"),
  sound("aiff", "aiff", "-c:a pcm_s16be"),
  sound("au", "au", "-c:a pcm_s16be"),
  sound("voc", "voc", "-c:a pcm_u8"),
  sound("caf pcm", "caf", "-c:a pcm_s16be"),
  sound("caf alac", "caf", "-c:a alac"),
  sound("flac", "flac", "-c:a flac"),
  sound("wavpack", "wv", "-c:a wavpack"),
  sound("tta", "tta", "-c:a tta"),
  sound("mp3", "mp3", "-c:a libmp3lame", { joins: true }),
  sound("mp3 without header", "mp3", "-c:a libmp3lame -write_xing 0 -id3v2_version 0", {
    joins: true,
    tolerance: 26,
  }),
  sound("mp3 16 kHz without header", "mp3", "-c:a libmp3lame -ar 16000 -write_xing 0 -id3v2_version 0", {
    tolerance: 72,
  }),
  sound("mp2", "mp2", "-c:a mp2", { joins: true, tolerance: 13 }),
  sound("aac", "aac", "-c:a aac", { joins: true, tolerance: 25 }),
  sound("aac 16 kHz", "aac", "-c:a aac -ar 16000", { tolerance: 66 }),
  sound("ac3", "ac3", "-c:a ac3", { joins: true, tolerance: 8 }),
  sound("eac3", "eac3", "-c:a eac3", { tolerance: 8 }),
  sound("dts", "dts", "-c:a dca -strict -2", { tolerance: 14 }),
  sound("m4a aac", "m4a", "-c:a aac", { edits: true, timed: true }),
  sound("m4a alac", "m4a", "-c:a alac", { edits: true, timed: true }),
  sound("ogg vorbis", "ogg", "-c:a libvorbis", { joins: true }),
  sound("ogg opus", "opus", "-c:a libopus", { joins: true }),
  sound("ogg flac", "oga", "-c:a flac", { joins: true }),
  sound("ogg speex", "spx", "-c:a libspeex -ar 16000", { tolerance: 17 }),
  sound("mka opus", "mka", "-c:a libopus", { timed: true, tolerance: 9 }),
  sound("wma", "wma", "-c:a wmav2", { timed: true, tolerance: 47 }),
  film("mp4 aac", "mp4", "-c:a aac", { defaults: true, edits: true }),
  film("mp4 index first", "mp4", "-c:a aac -movflags +faststart", { defaults: true, edits: true }),
  film("mp4 fragmented", "mp4", "-c:a aac -movflags +frag_keyframe+delay_moov"),
  film("mp4 mp3", "mp4", "-c:a libmp3lame"),
  film("mp4 opus", "mp4", "-c:a libopus", { tolerance: 9 }),
  film("mov pcm", "mov", "-c:a pcm_s16le", { defaults: true, edits: true, timed: false }),
  film("mov aac", "mov", "-c:a aac", { defaults: true, edits: true }),
  film("3gp aac", "3gp", "-c:a aac"),
  film("mkv aac", "mkv", "-c:a aac", { defaults: true }),
  film("mkv opus", "mkv", "-c:a libopus", { defaults: true, tolerance: 15, units: OPUS }),
  film("mkv flac", "mkv", "-c:a flac", { defaults: true }),
  film("webm opus", "webm", "-c:a libopus", {
    tolerance: 15,
    units: OPUS,
    video: VP9,
  }),
  film("webm vorbis", "webm", "-c:a libvorbis", {
    video: VP9,
  }),
  film("ogv vorbis", "ogv", "-c:a libvorbis", {
    video: ["-c:v", "libtheora", "-q:v", "8"],
    units: [48_000, 25],
    cannotBeCut: true,
  }),
  film("ts aac", "ts", "-c:a aac", { joins: true, wraps: true, video: MPEG2 }),
  film("ts mp2", "ts", "-c:a mp2", { joins: true, wraps: true, video: MPEG2 }),
  film("ts ac3", "ts", "-c:a ac3", { joins: true, wraps: true, video: MPEG2 }),
  film("ts h264", "ts", "-c:a aac", {
    joins: true,
    wraps: true,
    video: H264,
  }),
  sound("ts sound alone", "ts", "-c:a aac", { timed: true, joins: true, wraps: true, tolerance: 25 }),
  film("m2ts ac3", "m2ts", "-c:a ac3", { joins: true, wraps: true, video: MPEG2 }),
  film("mts aac", "mts", "-c:a aac", { joins: true, wraps: true, video: MPEG2 }),
  film("mpg mp2", "mpg", "-c:a mp2 -f vob", { joins: true, wraps: true, video: MPEG2 }),
  film("flv aac", "flv", "-c:a aac", { video: H264 }),
  film("flv mp3", "flv", "-c:a libmp3lame -ar 44100", { video: H264 }),
  film("avi mp3", "avi", "-c:a libmp3lame", { timed: false, tolerance: 26 }),
  film("avi pcm", "avi", "-c:a pcm_s16le", { timed: false }),
  film("wmv", "wmv", "-c:a wmav2", { video: ["-c:v", "wmv2", "-q:v", "2"], cannotBeCut: true }),
  film("nut", "nut", "-c:a pcm_s16le", { units: [48_000, 51_200] }),
];

const FAMILIES = {
  samples: "wav w64 aiff au voc caf",
  packets: "flac wv tta mp3 mp2 aac ac3 eac3 dts",
  ogg: "ogg opus oga spx ogv",
  mp4: "m4a mp4 mov 3gp",
  matroska: "mka mkv webm",
  mpeg: "ts m2ts mts mpg",
  other: "wma wmv flv avi nut",
};

/** The family of containers that one belongs to. */
export function familyOf({ extension }: Container): string {
  return Object.entries(FAMILIES).find(([, extensions]) => extensions.split(" ").includes(extension))![0];
}
