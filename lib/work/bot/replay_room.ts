import type { Clock } from "lib/base/system/clock.ts";
import type { ChatMessage } from "lib/media/chat/chat_message.ts";
import type { ChatRoom, RoomListener, RoomState } from "lib/media/chat/chat_room.ts";

/** What a recorded chat needs to be heard again. */
interface ReplayRoomOptions {
  /** In the order of time. */
  readonly messages: AsyncIterable<ChatMessage> | Iterable<ChatMessage>;
  readonly channel: string;
  /** Its `monotonicMs()` is the time of the recording. */
  readonly clock: Clock;
  readonly listener: RoomListener;
  /** Told of a chat that cannot be read on. */
  readonly onError: (error: unknown) => void;
}

/** A recorded chat as a room: each message comes at its time. What is said in it is said to nobody. */
export function openReplayRoom(options: ReplayRoomOptions): ChatRoom {
  const { clock, listener, channel } = options;
  const closing = new AbortController();
  let state: RoomState = "joined";
  async function play(): Promise<void> {
    await Promise.resolve();
    listener.onState("joined");
    for await (const { time, message, userName = "", isBot = false } of options.messages) {
      await clock.sleep(time * 1000 - clock.monotonicMs(), closing.signal).catch(() => {});
      if (closing.signal.aborted) return;
      const login = userName.toLowerCase();
      listener.onLine({
        arrivedMs: clock.now(),
        login,
        text: message,
        // Recorded chats do not tell who is a moderator.
        isBroadcaster: login !== "" && login === channel.toLowerCase(),
        isModerator: false,
        isBot,
      });
    }
  }
  const playing = play().catch((error) => closing.signal.aborted || options.onError(error));
  return {
    get state() {
      return state;
    },
    joins: 1,
    say: () => Promise.resolve({ kind: "shown" }),
    async close() {
      closing.abort();
      await playing;
      state = "closed";
    },
  };
}
