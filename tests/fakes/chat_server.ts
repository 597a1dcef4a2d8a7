import type { Clock } from "lib/base/system/clock.ts";

/** A message that a client sent to the fake chat. */
export interface ReceivedMessage {
  readonly atMs: number;
  readonly text: string;
  /** Number of the connection, from 0. */
  readonly connection: number;
}

/** Someone in the fake chat. */
export interface FakeChatter {
  readonly login: string;
  /** Such as `moderator/1`. */
  readonly badges?: string;
}

/** A server that plays Twitch's chat: IRC over a web socket. */
export interface FakeChatServer extends AsyncDisposable {
  readonly url: string;
  /** Tokens that are accepted; whoever has none may read as `justinfan…`. */
  readonly tokens: Set<string>;
  /** Logins that were tried, with the clock's `monotonicMs()`. */
  readonly logins: { readonly atMs: number; readonly ok: boolean }[];
  readonly received: ReceivedMessage[];
  /** Whether accounts that join are moderators. */
  isModerator: boolean;
  /** Connections that are in the channel now, as far as the server knows. */
  joined(): number;
  /** Most connections that ever were in the channel at once. */
  readonly mostJoined: number;
  /** Times at which the channel was joined, on the clock's `monotonicMs()`. */
  readonly joinTimes: number[];
  say(from: FakeChatter, text: string): void;
  /** Says something in the server's own words, such as `NOTICE #channel :...`, with its tags. */
  tell(tags: string, line: string): void;
  /** Asks all clients to connect anew, and lets go of those that have not after a moment. */
  askToReconnect(): void;
  /** Closes all connections. */
  closeAll(): void;
  /** Goes dead without a word: connections stay open, nothing passes any more. New ones are served. */
  freeze(): void;
  /** While down, connections are closed as soon as they are made. */
  setDown(down: boolean): void;
}

interface Client {
  readonly socket: WebSocket;
  readonly id: number;
  nick: string;
  pass: string;
  joined: boolean;
}

/** Starts the server for one channel. */
export function startFakeChat(channel: string, clock: Pick<Clock, "monotonicMs" | "now">): FakeChatServer {
  const clients = new Set<Client>();
  let [count, isModerator, isDown, mostJoined] = [0, false, false, 0];
  const logins: { atMs: number; ok: boolean }[] = [];
  const received: ReceivedMessage[] = [];
  const joinTimes: number[] = [];
  const tokens = new Set<string>();
  const joinedCount = () => clients.values().filter((client) => client.joined).toArray().length;
  const send = (client: Client, line: string) => {
    if (client.socket.readyState === WebSocket.OPEN) client.socket.send(`${line}\r\n`);
  };
  const userState = (client: Client) =>
    `@badges=${isModerator ? "moderator/1" : ""};display-name=${client.nick};mod=${isModerator ? 1 : 0} ` +
    `:tmi.twitch.tv USERSTATE #${channel}`;

  const logIn = (client: Client) => {
    const anonymous = client.nick.startsWith("justinfan");
    const ok = anonymous || tokens.has(client.pass.replace(/^oauth:/, ""));
    logins.push({ atMs: clock.monotonicMs(), ok });
    if (!ok) {
      send(client, ":tmi.twitch.tv NOTICE * :Login authentication failed");
      return;
    }
    for (const code of ["001", "002", "003", "004", "375", "372"]) {
      send(client, `:tmi.twitch.tv ${code} ${client.nick} :hello`);
    }
    send(client, `:tmi.twitch.tv 376 ${client.nick} :>`);
  };
  const join = (client: Client) => {
    client.joined = true;
    joinTimes.push(clock.monotonicMs());
    mostJoined = Math.max(mostJoined, joinedCount());
    send(client, `:${client.nick}!${client.nick}@${client.nick}.tmi.twitch.tv JOIN #${channel}`);
    if (!client.nick.startsWith("justinfan")) send(client, userState(client));
    send(client, `@emote-only=0;slow=0;room-id=1 :tmi.twitch.tv ROOMSTATE #${channel}`);
  };
  const onMessage = (client: Client, line: string) => {
    const [word = "", ...rest] = line.trim().split(" ");
    if (word === "PASS") client.pass = rest[0] ?? "";
    if (word === "NICK") {
      client.nick = rest[0] ?? "";
      logIn(client);
    }
    if (word === "CAP") send(client, `:tmi.twitch.tv CAP * ACK ${rest.slice(1).join(" ")}`);
    if (word === "PING") send(client, "PONG :tmi.twitch.tv");
    if (word === "JOIN" && rest[0] === `#${channel}`) join(client);
    if (word === "PRIVMSG") {
      const text = line.slice(line.indexOf(" :") + 2).trimEnd();
      received.push({ atMs: clock.monotonicMs(), text, connection: client.id });
      send(client, userState(client));
    }
  };

  const stop = new AbortController();
  const quiet = { signal: stop.signal, onListen: () => {}, onError: () => new Response(null) };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, ...quiet }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: "irc", idleTimeout: 0 });
    const client: Client = { socket, id: count++, nick: "", pass: "", joined: false };
    socket.onopen = () => clients.add(client);
    socket.onmessage = ({ data }) => onMessage(client, String(data));
    socket.onclose = () => clients.delete(client);
    socket.onerror = () => {};
    return response;
  });
  const wire = startWire(server.addr.port, () => isDown);

  return {
    url: `ws://127.0.0.1:${wire.port}`,
    tokens,
    logins,
    received,
    joinTimes,
    get isModerator() {
      return isModerator;
    },
    set isModerator(value) {
      isModerator = value;
    },
    joined: joinedCount,
    get mostJoined() {
      return mostJoined;
    },
    say({ login, badges = "" }, text) {
      const tags = `@badges=${badges};display-name=${login};mod=${badges.includes("moderator") ? 1 : 0};` +
        `tmi-sent-ts=${Math.round(clock.now())};user-id=${login.length}`;
      for (const client of clients) {
        if (client.joined) {
          send(client, `${tags} :${login}!${login}@${login}.tmi.twitch.tv PRIVMSG #${channel} :${text}`);
        }
      }
    },
    tell(tags, line) {
      for (const client of clients) send(client, `${tags === "" ? "" : `@${tags} `}:tmi.twitch.tv ${line}`);
    },
    askToReconnect() {
      for (const client of clients) {
        // The server does not count somebody whom it has sent away.
        client.joined = false;
        send(client, ":tmi.twitch.tv RECONNECT");
      }
    },
    closeAll() {
      for (const client of clients) client.socket.close();
      clients.clear();
    },
    freeze() {
      wire.freeze();
      clients.clear();
    },
    setDown(down) {
      isDown = down;
      if (down) wire.cut();
    },
    async [Symbol.asyncDispose]() {
      await wire.close();
      stop.abort();
      await server.finished;
    },
  };
}

interface Wire {
  readonly port: number;
  /** Lets nothing pass any more on the connections that there are. */
  freeze(): void;
  /** Breaks all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** Passes connections on to a port of this machine, and can go dead as networks do. */
function startWire(targetPort: number, isDown: () => boolean): Wire {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const pairs = new Set<{ near: Deno.TcpConn; far: Deno.TcpConn; frozen: boolean }>();
  const shut = (connection: Deno.TcpConn) => {
    try {
      connection.close();
    } catch {
      // It is closed already.
    }
  };
  const cut = () => {
    for (const pair of pairs) [pair.near, pair.far].forEach(shut);
    pairs.clear();
  };
  const accepting = (async () => {
    for await (const near of listener) {
      if (isDown()) {
        shut(near);
        continue;
      }
      const far = await Deno.connect({ hostname: "127.0.0.1", port: targetPort });
      const pair = { near, far, frozen: false };
      pairs.add(pair);
      const pass = async (from: Deno.TcpConn, to: Deno.TcpConn) => {
        const buffer = new Uint8Array(1 << 14);
        try {
          for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
            if (!pair.frozen) await to.write(buffer.slice(0, n));
          }
        } catch {
          // The other direction has closed it.
        }
        if (pair.frozen) return;
        [near, far].forEach(shut);
        pairs.delete(pair);
      };
      void pass(near, far);
      void pass(far, near);
    }
  })();
  return {
    port: listener.addr.port,
    freeze() {
      for (const pair of pairs) pair.frozen = true;
    },
    cut,
    async close() {
      listener.close();
      cut();
      await accepting;
    },
  };
}
