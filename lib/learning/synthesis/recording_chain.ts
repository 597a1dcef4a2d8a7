import type { Random } from "lib/base/numbers/random.ts";
import { activeRange } from "lib/learning/synthesis/level.ts";
import { applyMicrophone, drawMicrophone } from "lib/learning/synthesis/microphone.ts";
import { applyRoom, drawRoom } from "lib/learning/synthesis/room.ts";

/**
 * Puts a dry sound into a room in front of a microphone, both drawn from `random`, and cuts away what has faded: the
 * result begins and ends with something to hear. Its peak lies between -26 and 0 dB of full scale.
 */
export function recordSound(
  dry: Float32Array,
  { random, sampleRate }: { random: Random; sampleRate: number },
): Float32Array {
  const inRoom = applyRoom(dry, drawRoom(random), { random, sampleRate });
  const [start, end] = activeRange(inRoom, { sampleRate, thresholdDecibels: -36 });
  return applyMicrophone(inRoom.slice(start, end), drawMicrophone(random), { random, sampleRate });
}
