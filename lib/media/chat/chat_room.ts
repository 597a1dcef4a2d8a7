/** A message that somebody wrote in a live chat. */
export interface ChatLine {
  /** When it was here, on the clock's `now()`, in milliseconds since 1970. */
  readonly arrivedMs: number;
  /** When the server took it, in milliseconds since 1970, where it says so. */
  readonly sentMs?: number;
  /** Login of the sender, lower case. */
  readonly login: string;
  readonly text: string;
  readonly isBroadcaster: boolean;
  readonly isModerator: boolean;
  /** Whether the platform marks the sender as a bot. */
  readonly isBot?: boolean;
}

/** What became of a message. */
export type Delivery =
  /** The server says that it was shown. */
  | { readonly kind: "delivered" }
  /** It was handed over; nobody says what became of it. */
  | { readonly kind: "sent" }
  /** It would have been sent, had this not been a dry run. */
  | { readonly kind: "shown" }
  /** The server says that it was not shown. */
  | { readonly kind: "refused"; readonly reason: string; readonly waitMs?: number }
  /** It surely never left, and may be sent again. */
  | { readonly kind: "unsent"; readonly reason: string }
  /** It may or may not have been sent. */
  | { readonly kind: "unknown"; readonly reason: string };

/** A way to send messages. */
export interface ChatSender {
  /** What it is called in logs. */
  readonly name: string;
  /** Sends one message; never throws for one that cannot be delivered. */
  send(text: string): Promise<Delivery>;
}

/** How the connection to a chat is doing. */
export type RoomState = "connecting" | "joined" | "waiting" | "closed";

/** A server's word to the bot, such as that messages come too fast. */
export interface ChatNotice {
  /** Who says it, for messages, such as `Twitch`. */
  readonly from: string;
  readonly text: string;
  /** For how long nothing that the bot says is shown, in milliseconds, where the word means that. */
  readonly holdMs?: number | undefined;
}

/** What a chat tells of itself; called in order, never after `close()`. */
export interface RoomListener {
  onLine(line: ChatLine): void;
  /** `reason` says in words why the connection ended. */
  onState(state: RoomState, reason?: string): void;
  /** Whether the bot's account is a moderator (or the broadcaster) there. */
  onModerator(isModerator: boolean): void;
  onNotice(notice: ChatNotice): void;
}

/** A chat that is listened to, with one connection at a time, which is made anew whenever it is lost. */
export interface ChatRoom {
  readonly state: RoomState;
  /** How often the chat was joined. */
  readonly joins: number;
  /** Sends by this connection. */
  say(text: string): Promise<Delivery>;
  close(): Promise<void>;
}

/** A sender that sends nothing: what would be said is only told. */
export function createDryRunSender(): ChatSender {
  return { name: "dry run", send: () => Promise.resolve({ kind: "shown" }) };
}

/** A sender that uses the connection by which the chat is read. */
export function createRoomSender(room: Pick<ChatRoom, "say">): ChatSender {
  return { name: "chat", send: (text) => room.say(text) };
}

/** A chat of some platform, ready to be joined: the port that each platform has one adapter of. */
export interface LiveChat {
  /** Login of the account that speaks; nothing where the chat is only read. */
  readonly ownLogin?: string | undefined;
  /** Joins the chat, and stays there until the room is closed. */
  join(listener: RoomListener): ChatRoom;
  /** The way to speak in a room that was joined. */
  createSender(room: ChatRoom): ChatSender;
  /** Keeps the account logged in until the signal aborts; problems are logged. */
  readonly keepLogin?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/** Where there is no chat to read, what would be said is still shown. */
export function createNoChat(): LiveChat {
  return {
    join: () => ({
      state: "joined",
      joins: 0,
      say: () => Promise.resolve({ kind: "shown" }),
      close: () => Promise.resolve(),
    }),
    createSender: createDryRunSender,
  };
}
