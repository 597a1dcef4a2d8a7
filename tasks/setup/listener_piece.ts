import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorMessage } from "lib/base/system/error_message.ts";
import { leadsSomewhere } from "lib/base/system/exists.ts";
import { loadNetwork } from "lib/learning/detect/network.ts";
import { soundFeatures } from "lib/learning/features/model_input.ts";
import {
  LISTENER_FOLDER,
  listenerPackage,
  YAMNET_SHA256,
  YAMNET_URL,
} from "lib/learning/listener/listener_package.ts";
import { openPackage, sha256Hex } from "lib/learning/model_package/open_package.ts";
import { writePackage } from "lib/learning/model_package/write_package.ts";
import { unwrittenPackage } from "lib/learning/train/package_content.ts";
import { encodeWeights, WEIGHTS_FILE } from "lib/learning/train/weights_file.ts";
import { CACHE_FOLDER, type Piece, type PieceResult, type SetupContext } from "tasks/setup/piece.ts";
import { downloadResumably } from "tasks/setup/resumable_download.ts";

/** Where the listener is put, and what was downloaded of it. */
interface ListenerFolders {
  readonly folder?: string;
  readonly cacheFolder?: string;
}

/** The pre-trained listener, of the file that `YAMNET_PATH` names, else downloaded (from `YAMNET_URL`, if that is set). */
export function createListenerPiece(folders: ListenerFolders = {}): Piece {
  const folder = folders.folder ?? fileURLToPath(new URL(`../../${LISTENER_FOLDER}`, import.meta.url));
  return {
    name: "listener",
    costs:
      "find hears only what models of your own and models/burp know, and models/burp misses most real burps",
    async install(context) {
      const isThere = await leadsSomewhere(folder);
      if (isThere && !context.force) {
        const { manifest } = await openPackage(folder);
        return { state: "found", detail: `knows ${manifest.eventNames.length} sounds (${LISTENER_FOLDER})` };
      }
      const { bytes, origin } = await getFile(folders.cacheFolder ?? CACHE_FOLDER, context);
      return await install(folder, bytes, origin, isThere);
    },
  };
}

/** The pre-trained listener. */
export const listenerPiece: Piece = createListenerPiece();

async function install(
  folder: string,
  bytes: Uint8Array<ArrayBuffer>,
  origin: string,
  isThere: boolean,
): Promise<PieceResult> {
  const { content, network } = readFile(bytes, origin);
  const tried = await loadNetwork(unwrittenPackage(folder, content));
  const { nMels } = soundFeatures(content.manifest);
  await tried.run(new Float32Array(content.manifest.architecture.frameStride * nMels), 1);
  // Only now, so that nothing is lost where the new file cannot be used.
  if (isThere) await Deno.remove(folder, { recursive: true });
  await writePackage(folder, { ...content, extraFiles: { [WEIGHTS_FILE]: encodeWeights(network.weights) } });
  return { state: "installed", detail: `knows ${content.manifest.eventNames.length} sounds; from ${origin}` };
}

function readFile(bytes: Uint8Array<ArrayBuffer>, origin: string): ReturnType<typeof listenerPackage> {
  try {
    return listenerPackage(bytes, { origin, sha256: sha256Hex(bytes) });
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Error(`${origin}: ${cause.message}`, { cause });
  }
}

async function getFile(
  cacheFolder: string,
  context: SetupContext,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; origin: string }> {
  const own = Deno.env.get("YAMNET_PATH") || undefined;
  if (own !== undefined) {
    const bytes = await Deno.readFile(own);
    checkHash(bytes, own, context);
    return { bytes, origin: own };
  }
  const url = Deno.env.get("YAMNET_URL") || YAMNET_URL;
  const path = join(cacheFolder, "yamnet.tflite.part");
  const bar = await context.progress?.start("listener", 0, "bytes");
  context.log.info("listener: downloading YAMNet (4 MB)");
  try {
    await downloadResumably(url, path, {
      signal: context.signal,
      onProgress(done, total) {
        bar?.setTotal(total ?? done);
        bar?.update(done);
      },
    });
  } catch (cause) {
    context.signal.throwIfAborted();
    const problem = errorMessage(cause);
    throw new Error(`${problem}; get the file another way and set YAMNET_PATH to it`, { cause });
  } finally {
    bar?.stop();
  }
  const bytes = await Deno.readFile(path);
  // Whole, and right or not: another attempt shall not go on from it.
  await Deno.remove(path);
  checkHash(bytes, url, context);
  return { bytes, origin: url };
}

function checkHash(bytes: Uint8Array, origin: string, { force, log }: SetupContext): void {
  const hash = sha256Hex(bytes);
  if (YAMNET_SHA256.includes(hash)) return;
  const problem = `${origin} is not the published file: its sha256 is ${hash}`;
  if (!force) {
    throw new Error(`${problem}; \`deno task setup --only listener --force\` takes it all the same`);
  }
  log.warn(`${problem}; taken all the same`);
}
