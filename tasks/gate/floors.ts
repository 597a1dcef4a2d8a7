/** One folder of `lib`. */
export interface Room {
  /** What lives here, for people. */
  readonly holds: string;
  /** The file to read first. */
  readonly door: string;
  /** Rooms that it may import, besides its own; a floor's name stands for all rooms of it. */
  readonly imports: readonly string[];
  /** What nothing else of `lib` may do, for people. */
  readonly only?: string;
}

/** Rooms that stand on one level. */
interface Floor {
  /** What its rooms have in common, for people. */
  readonly is: string;
  readonly rooms: Readonly<Record<string, Room>>;
}

/**
 * The floors of `lib` from the ground up, and on each its rooms in the order in which they may import each other. A room imports
 * what stands before it, and of that only what it names: whoever searches must not load TensorFlow, for one.
 */
export const FLOORS: Readonly<Record<string, Floor>> = {
  base: {
    is: "knows nothing of sound",
    rooms: {
      events: {
        holds: "events, time grids, and every format that events are read and written in",
        door: "sound_event.ts",
        imports: [],
      },
      numbers: { holds: "random numbers, joining arrays, rounding", door: "random.ts", imports: [] },
      system: {
        holds: "files, locks, programs, clock, log",
        door: "run_program.ts",
        imports: [],
        only: "running programs, writing files atomically",
      },
      metrics: {
        holds: "figures that say how right scores and events are",
        door: "detection_figures.ts",
        imports: ["base/events", "base/numbers"],
      },
    },
  },
  media: {
    is: "brings streams in and cuts them out",
    rooms: {
      net: {
        holds: "requests over HTTP that are tried again, and what fails for good",
        door: "http_client.ts",
        imports: ["base"],
      },
      hls: {
        holds: "playlists, segments, MPEG-TS: one reader for VODs and live streams",
        door: "vod.ts",
        imports: ["base", "media/net"],
      },
      chat: {
        holds: "messages, commands, mentions of a sound, the port of a live chat",
        door: "chat_file.ts",
        imports: ["base"],
        only: "chat file formats",
      },
      "platforms/port": {
        holds: "what a platform with live streams gives: a way to a channel's sound, and its chat",
        door: "live_channel.ts",
        imports: ["base", "media/hls", "media/chat"],
      },
      "platforms/twitch": {
        holds: "VODs, live streams, their chats and clips on Twitch",
        door: "twitch_access.ts",
        imports: ["base", "media/net", "media/hls", "media/chat", "media/platforms/port"],
        only: "Twitch over HTTP, tmi.js",
      },
      "platforms/folder": {
        holds: "a folder of recordings with chat files beside them, as a platform",
        door: "folder_platform.ts",
        imports: ["base", "media/chat"],
      },
      platforms: {
        holds: "the list of platforms: which of them a text that names something belongs to",
        door: "platforms.ts",
        imports: ["media/hls", "media/platforms/port", "media/platforms/twitch", "media/platforms/folder"],
      },
      audio: {
        holds: "anything as blocks of mono samples, windows, WAV files",
        door: "audio_source.ts",
        imports: ["base"],
        only: "ffmpeg arguments for sound (with mp3)",
      },
      mp3: {
        holds: "frames of MP3 files, cut without encoding the others anew",
        door: "cut_mp3.ts",
        imports: ["base"],
        only: "MP3 frames",
      },
      video: {
        holds: "cutting pictures with their sound",
        door: "cut_video.ts",
        imports: ["base", "media/audio"],
        only: "ffmpeg arguments for pictures",
      },
      recording: {
        holds:
          "the noun: a recording's id, its sound as blocks and windows, parts cut out; files and VODs behind it",
        door: "recording.ts",
        imports: ["base", "media/net", "media/hls", "media/audio", "media/video"],
      },
    },
  },
  learning: {
    is: "turns streams into scores",
    rooms: {
      features: {
        holds: "log-mel and other features, frame by frame",
        door: "log_mel.ts",
        imports: ["base"],
      },
      fingerprint: {
        holds: "stretches of sound that are known again at other levels and through other codecs",
        door: "repeat_index.ts",
        imports: ["base", "learning/features"],
      },
      synthesis: {
        holds: "made burps and other sounds, streams with known truth",
        door: "stream.ts",
        imports: ["base", "media/chat", "media/audio"],
      },
      dataset: {
        holds: "labels, clips, groups, splits, batches",
        door: "grouped_clips.ts",
        imports: ["base", "media/audio", "learning/features"],
        only: "the label ledger's lines",
      },
      model_package: {
        holds: "a model's folder: manifest, weights, card",
        door: "open_package.ts",
        imports: ["base", "learning/features"],
      },
      model: {
        holds: "architectures as lists of layers, each with its ONNX",
        door: "architecture.ts",
        imports: ["base", "learning/features", "learning/model_package"],
        only: "TensorFlow.js (with train and distil)",
      },
      listener: {
        holds: "the pre-trained listener's files and the names of its sounds",
        door: "listener_package.ts",
        imports: ["base", "learning/features", "learning/model_package", "learning/model"],
      },
      detect: {
        holds: "tracks of scores on a grid, events out of them",
        door: "search.ts",
        imports: ["base", "media/audio", "learning/features", "learning/model_package"],
        only: "ONNX Runtime (with separate)",
      },
      separate: {
        holds: "voice told from everything else, while sound arrives",
        door: "separator.ts",
        imports: ["base", "learning/features"],
        only: "ONNX Runtime (with detect), DeepFilterNet's library",
      },
      judge: {
        holds: "what a model takes for a burp, of synthetic sounds and of clips",
        door: "burp_judge.ts",
        imports: [
          ...["base", "learning/synthesis", "learning/dataset", "learning/model_package"],
          "learning/detect",
        ],
      },
      train: {
        holds: "engines, optimisation, validation, the whole training",
        door: "train_model.ts",
        imports: [
          ...["base", "media/audio", "learning/features", "learning/dataset", "learning/model_package"],
          ...["learning/model", "learning/listener", "learning/detect"],
        ],
        only: "TensorFlow.js (with model and distil)",
      },
      distil: {
        holds: "teaching a smaller network to say what the listener says",
        door: "distil.ts",
        imports: [
          ...["base", "media/audio", "learning/features", "learning/synthesis", "learning/dataset"],
          ...["learning/model_package", "learning/model", "learning/listener", "learning/detect"],
          "learning/train",
        ],
        only: "TensorFlow.js (with model and train)",
      },
      evaluate: {
        holds: "thresholds, curves, comparisons of models",
        door: "tune_model.ts",
        imports: ["base", "learning/dataset", "learning/model_package", "learning/detect"],
      },
    },
  },
  show: {
    is: "draws values: no state, no input",
    rooms: {
      plots: {
        holds: "Plotly figures, pictures of spectrograms",
        door: "figure.ts",
        imports: ["base", "learning/features", "learning/evaluate"],
      },
      report: {
        holds: "pages that need nothing beside them",
        door: "recording_report.ts",
        imports: ["base", "media/audio", "learning/features", "learning/evaluate", "show/plots"],
        only: "HTML reports",
      },
    },
  },
  work: {
    is: "what a person asks for, without console or HTTP",
    rooms: {
      separate: {
        holds: "recordings taken apart into voice and everything else",
        door: "separate_recording.ts",
        imports: ["base", "media/audio", "media/video", "learning/separate"],
      },
      ads: {
        holds:
          "advertisements of podcasts: labels, models of a show, where they are, and episodes without them",
        door: "find_breaks.ts",
        imports: [
          ...[
            "base",
            "media/audio",
            "media/mp3",
            "learning/features",
            "learning/fingerprint",
            "learning/synthesis",
            "learning/dataset",
          ],
          ...["learning/model_package", "learning/model", "learning/listener", "learning/detect"],
          "learning/train",
        ],
      },
      harvest: {
        holds: "clips cut where chat says that the sound was heard",
        door: "harvest_recording.ts",
        imports: [
          ...["base", "media", "learning/features", "learning/dataset", "learning/model_package"],
          "learning/detect",
        ],
      },
      search: {
        holds: "what to search, with which models, and what was found",
        door: "search_recordings.ts",
        imports: [
          ...["base", "media/hls", "media/platforms", "media/audio", "media/video"],
          "media/recording",
          ...["learning/model_package", "learning/listener", "learning/detect", "show"],
        ],
        only: "folders of found events",
      },
      review: {
        holds: "what people are asked to label, in which order, and what they answer",
        door: "open_review.ts",
        imports: [
          ...["base", "media/platforms/twitch", "media/audio", "learning/features", "learning/dataset"],
          ...["learning/model_package", "learning/detect", "learning/train", "learning/evaluate"],
          ...["work/harvest", "work/search"],
        ],
      },
      live: {
        holds: "live streams as endless sound",
        door: "live_source.ts",
        imports: ["base", "media/net", "media/hls", "media/platforms", "media/audio"],
      },
      bot: {
        holds: "hears a stream and answers in its chat; replays it on a recording",
        door: "bot_session.ts",
        imports: [
          ...["base", "media/chat", "media/audio", "media/recording", "learning/dataset"],
          ...["learning/model_package", "learning/detect", "show/report", "work/harvest", "work/live"],
        ],
      },
    },
  },
  web: {
    is: "pages over HTTP",
    rooms: {
      pages: {
        holds: "the label page's server: routes, pictures, the sound that it plays",
        door: "start_labeler.ts",
        imports: [
          ...["base", "media/audio", "learning/features", "learning/dataset", "show/plots", "work/search"],
          "work/review",
        ],
        only: "HTTP to browsers",
      },
      browser: {
        holds: "what runs in the browser",
        door: "main.ts",
        imports: ["base/events", "learning/dataset", "web/pages"],
      },
    },
  },
};
