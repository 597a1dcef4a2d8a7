import { ENGINE_LOADERS, isEngineName } from "lib/learning/train/engine.ts";
import { probeEngine } from "lib/learning/train/engines/engine_probe.ts";

// A program of its own: ends well if the engine named first works, and with the error that says why not.
const [name, device] = Deno.args;
if (!isEngineName(name)) throw new RangeError(`"${name}" is no engine`);
await probeEngine(await ENGINE_LOADERS[name].load({ anyDevice: device === "any" }));
