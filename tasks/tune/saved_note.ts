import { relative } from "node:path";

/** Models that come with the project, so that a change to them is a change to its files. */
const SHIPPED = ["models/base", "models/base-2", "models/base-3", "models/burp"];

/** Says that a model's manifest was changed; and of one that came with the project, how to work on a copy instead. */
export function savedNote(dir: string): string {
  const saved = `saved in ${dir}/manifest.json`;
  const own = relative(".", dir).replaceAll("\\", "/");
  if (!SHIPPED.includes(own)) return saved;
  return `${saved}, a file of the project itself: \`git checkout ${own}/manifest.json\` takes it back; to leave it as ` +
    `it is, copy the folder ${own} to models/tuned first, and tune that with --model models/tuned`;
}
