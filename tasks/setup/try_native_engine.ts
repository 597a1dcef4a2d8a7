import { loadEngine } from "lib/train/engine.ts";

// Run in a process of its own: a library that does not fit can end the process that loads it.
await loadEngine("native");
