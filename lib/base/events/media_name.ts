const SOUND =
  ".wav .wave .rf64 .bwf .w64 .aif .aiff .aifc .au .snd .caf .mp2 .mp3 .m4a .m4b .m4r .aac .ogg .oga .opus " +
  ".weba .flac .wma .ac3 .eac3 .dts .ape .wv .tta .tak .mpc .amr .3ga .mka";
const PICTURE =
  ".mp4 .m4v .mov .mkv .webm .ts .m2ts .m2t .mts .flv .f4v .avi .mpg .mpeg .vob .asf .wmv .3gp .3g2 .ogv .mxf .rm";

const SOUND_EXTENSIONS: ReadonlySet<string> = new Set(SOUND.split(" "));
const PICTURE_EXTENSIONS: ReadonlySet<string> = new Set(PICTURE.split(" "));

/** What lies beside recordings and is none: annotations, chats, notes, pictures, programs, reports and packed files. */
const BESIDE = new RegExp(
  `\\.(${
    ("csv tsv txt json jsonl vtt srt ass ssa sub edl lab textgrid eaf svl ann md html? xml ya?ml toml ini log nfo url " +
      "pdf docx? xlsx? ods odt png jpe?g gif webp svg aup3? db sqlite py sh m3u8? gz zip 7z rar").replaceAll(
        " ",
        "|",
      )
  })$`,
  "i",
);

/** Whether a file is a sound or video recording, or a clip, by its name. The one list of them for all that reads media. */
export function isMediaName(path: string): boolean {
  const extension = extensionOf(path);
  return SOUND_EXTENSIONS.has(extension) || PICTURE_EXTENSIONS.has(extension);
}

/** Whether a file can have a picture beside its sound, by its name. */
export function mayHavePicture(path: string): boolean {
  return PICTURE_EXTENSIONS.has(extensionOf(path));
}

/** Whether a file is surely no recording, by its name; one with a name that says nothing may be. */
export function isBesideMedia(path: string): boolean {
  return BESIDE.test(path);
}

/** The name without the ending of a medium, if it has one. */
export function withoutMediaExtension(name: string): string {
  return isMediaName(name) ? name.slice(0, -extensionOf(name).length) : name;
}

function extensionOf(path: string): string {
  return /[^/\\](\.[^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}
