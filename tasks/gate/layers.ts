/**
 * Which folders of `lib` each folder may import, in the order in which data flows. The same table is shown, with what lives
 * where, in `lib/ARCHITECTURE.md`.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  events: [],
  system: [],
  metrics: ["events"],
  chat: ["events", "system"],
  twitch: ["system"],
  audio: ["events", "system"],
  video: ["events", "system", "audio"],
  features: ["events", "system"],
  synthesis: ["events", "system", "audio", "chat"],
  dataset: ["events", "system", "audio", "features", "metrics"],
  model_package: ["events", "system", "features"],
  model: ["events", "features", "model_package"],
  listener: ["events", "system", "features", "model_package", "model"],
  detect: ["events", "system", "audio", "features", "model_package"],
  train: [
    ...["events", "system", "audio", "features", "metrics", "dataset", "model", "model_package", "listener"],
    "detect",
  ],
  harvest: [
    "events",
    "system",
    "audio",
    "video",
    "features",
    "chat",
    "twitch",
    "dataset",
    "model_package",
    "detect",
  ],
  evaluate: ["events", "system", "metrics", "dataset", "detect", "model_package"],
  plots: ["events", "features", "metrics", "evaluate"],
  report: ["events", "system", "audio", "features", "metrics", "evaluate", "plots"],
  search: [
    ...["events", "system", "metrics", "audio", "video", "twitch", "model_package", "listener", "detect"],
    ...["harvest", "plots", "report"],
  ],
  live: ["events", "system", "audio", "twitch"],
  bot: [
    ...["events", "system", "audio", "metrics", "chat", "twitch", "dataset"],
    ...["model_package", "detect", "harvest", "live", "report"],
  ],
  web: [
    ...[
      "events",
      "system",
      "metrics",
      "chat",
      "twitch",
      "audio",
      "video",
      "features",
      "synthesis",
      "dataset",
    ],
    ...["model_package", "detect", "harvest", "evaluate", "plots", "report", "search", "live"],
  ],
};

/** Packages that one part alone may use: a package's name, or the beginning of several, and the folders of `lib`. */
export const PACKAGE_PLACES: readonly (readonly [packages: RegExp, folders: readonly string[]])[] = [
  [/^(npm:)?onnxruntime-/, ["detect"]],
  [/^(npm:)?@tensorflow\//, ["model", "train"]],
  [/^(npm:)?tmi\.js/, ["bot"]],
  [/^(node:)?child_process$/, ["system"]],
];

/** Globals that one part alone may use; `lib` uses those without a folder nowhere. */
export const GLOBAL_PLACES: Readonly<
  Record<string, { readonly folders: readonly string[]; readonly instead: string }>
> = {
  "Deno.Command": { folders: ["system"], instead: "call lib/system/run_program.ts" },
  "Deno.exit": { folders: [], instead: "throw an error" },
  "process.exit": { folders: [], instead: "throw an error" },
  "Deno.jupyter": { folders: [], instead: "give back a value that a notebook can show" },
};
