import assert from "node:assert/strict";
import { join } from "node:path";
import type { Queue } from "lib/web/pages/api.ts";
import { ReviewError } from "lib/work/review/review_error.ts";
import { createFileScope } from "lib/work/review/file_scope.ts";
import { startLabeler } from "lib/web/pages/start_labeler.ts";
import {
  addCandidates,
  TAB,
  type TestLabeler,
  withLabeler,
  writeNoise,
} from "tests/web/pages/with_labeler.ts";

/** Sends a request exactly as it is written: `fetch` would tidy up paths and refuse headers. */
async function raw(
  port: number,
  target: string,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string> | undefined;
    readonly body?: string;
    /** Does not wait for the end: the server may wait for a body that never comes. */
    readonly beginning?: boolean;
  } = {},
): Promise<{ status: number; text: string }> {
  const { method = "GET", headers = {}, body = "", beginning = false } = options;
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = Object.entries({ host: `127.0.0.1:${port}`, connection: "close", ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await connection.write(new TextEncoder().encode(`${method} ${target} HTTP/1.1\r\n${lines}\r\n${body}`));
  const buffer = new Uint8Array(65_536);
  const decoder = new TextDecoder("latin1");
  let text = "";
  do {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) break;
    text += decoder.decode(buffer.subarray(0, count));
  } while (!beginning);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
}

const SECRET = "this must never be seen";
const OUT = [
  "..",
  "%2e%2e",
  "%252e%252e",
  ".%2e",
  "..%00",
  "....",
  "..;",
  "%c0%ae%c0%ae",
  "%uff0e%uff0e",
  "..%5c..",
];
const SLASHES = ["/", "%2f", "%252f", "\\", "%5c", "//", "/./"];
const FRONTS = ["/", "/page/", "/modules/", "/modules/lib/", "/api/clips/", "/api/recordings/"];

Deno.test("no address leads out of what the labeler serves, however it is written", () =>
  withLabeler(async (data, ledger) => {
    await addCandidates(data, ledger, 1);
    await Deno.writeTextFile(join(data, "../secret.txt"), SECRET);
    await Deno.writeTextFile(join(data, "secret.txt"), SECRET);
  }, async ({ port, data }) => {
    const targets = FRONTS.flatMap((front) =>
      OUT.flatMap((up) => SLASHES.map((slash) => `${front}${`${up}${slash}`.repeat(3)}secret.txt`))
    );
    targets.push(
      ...[
        "/data/secret.txt",
        "/secret.txt",
        "/labels.jsonl",
        "/data/labels.jsonl",
        "/deno.json",
        "/.git/config",
      ],
      ...[
        "/page/",
        "/page",
        "/modules/",
        "/api/",
        "/page/..",
        "/page/main",
        "/page/main.ts",
        "/page/index.html",
      ],
      ...[
        "/modules/lib/web/pages/api.js",
        "/modules/lib/base/system/run_program.js",
        "/lib/web/browser/main.ts",
        "//etc/passwd",
      ],
      ...[
        "/page/C:%5csecret.js",
        "/page/c:/secret.js",
        "/%5c%5cserver%5cshare",
        "/page/aux.js:stream",
        "/page/%00.js",
      ],
      ...[
        "/page/main.js%00.png",
        "/page/Main.js",
        "/page/./main.js/..",
        "file:///etc/passwd",
        "/page/%2fetc%2fpasswd",
      ],
      ...[`/page/${"a".repeat(3000)}.js`, `http://127.0.0.1:${port}${data}/secret.txt`, `${data}/secret.txt`],
    );
    assert.ok(targets.length > 400);
    const batches = Array.from(
      { length: Math.ceil(targets.length / 20) },
      (_, i) => targets.slice(20 * i, 20 * i + 20),
    );
    for (const batch of batches) {
      for (
        const [i, { status, text }] of (await Promise.all(batch.map((target) => raw(port, target)))).entries()
      ) {
        const target = batch[i]!;
        assert.ok(!text.includes(SECRET) && !text.includes("root:"), target);
        // What a URL parser has tidied up to the page itself is the page.
        const isPage = text.includes("<html") || text.includes("text/javascript");
        assert.ok(
          [0, 400, 403, 404].includes(status) || (status === 200 && isPage),
          `${target.slice(0, 200)}: ${status}`,
        );
        assert.ok(
          !/root\b|\/tmp|at file:/.test(text.split("\r\n\r\n")[1]?.slice(0, 300) ?? "") || isPage,
          target,
        );
      }
    }
  }));

Deno.test("files outside of the folders cannot be reached by any path, nor by links in them", async () => {
  const root = await Deno.makeTempDir({ prefix: "labeler-" });
  try {
    const data = join(root, "data");
    await writeNoise(join(data, "clips/a.wav"));
    await Deno.writeTextFile(join(root, "secret.wav"), SECRET);
    await Deno.mkdir(join(root, "data-beside"));
    await Deno.writeTextFile(join(root, "data-beside/secret.wav"), SECRET);
    await Deno.mkdir(join(data, "folder.wav"));
    const scope = createFileScope({ folders: [data] });
    const tricks = [
      ...["secret.wav", "data-beside/secret.wav", "data", "data/folder.wav", "data/clips"].map((name) =>
        join(root, name)
      ),
      ...OUT.flatMap((up) =>
        ["/", "\\", "//"].flatMap((slash) =>
          [1, 2, 3].map((n) => `${data}/${`${up}${slash}`.repeat(n)}secret.wav`)
        )
      ),
      ...[
        "/etc/passwd",
        "/proc/self/environ",
        "/dev/zero",
        "/dev/stdin",
        "\0",
        `${data}/clips/a.wav\0.txt`,
        "",
        ".",
      ],
      ...[
        "C:\\Windows\\win.ini",
        "c:/boot.ini",
        "\\\\server\\share\\x.wav",
        "//server/share/x.wav",
        "\\\\?\\C:\\x.wav",
      ],
      ...[
        "file:///etc/passwd",
        "http://127.0.0.1/x.wav",
        "~/x.wav",
        "$HOME/x.wav",
        "concat:/etc/passwd",
        "-i",
        "pipe:0",
      ],
      ...[
        "NUL",
        "CON",
        "aux.wav",
        `${data}/clips/a.wav:stream`,
        `${data}/clips/a.wav/..`,
      ],
    ];
    for (
      const [i, target] of [root, join(root, "secret.wav"), "/etc/passwd", "/dev/zero", "../secret.wav"]
        .entries()
    ) {
      const link = join(data, `link-${i}.wav`);
      await Deno.symlink(target, link);
      tricks.push(link, join(link, "secret.wav"));
    }
    await Deno.symlink(join(data, "round.wav"), join(data, "round.wav"));
    await Deno.symlink(join(data, "link-1.wav"), join(data, "chain.wav"));
    tricks.push(join(data, "round.wav"), join(data, "chain.wav"));
    assert.ok(tricks.length >= 100, `${tricks.length} tricks`);
    for (const trick of tricks) {
      await assert.rejects(
        scope.realFile(trick),
        (error) => error instanceof ReviewError && error.problem === "not-found",
        trick,
      );
    }
    assert.ok(await scope.realFile(join(data, "clips/a.wav")));
    // Folders that are named may be links: people keep recordings on other disks.
    await Deno.symlink(data, join(root, "vods"));
    assert.ok(
      await createFileScope({ folders: [join(root, "vods")] }).realFile(join(root, "vods/clips/a.wav")),
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("clips that the ledger says to lie elsewhere are not given away, and not moved by an export", () =>
  withLabeler(async (data, ledger) => {
    await writeNoise(join(data, "../outside.wav"));
    await ledger.append(
      ["../outside.wav", "clips/../../outside.wav", join(data, "../outside.wav")].map((clip, i) => ({
        recording: `r${i}`,
        onset: 0,
        offset: 1,
        label: "burp",
        source: { kind: "chat" as const },
        clip,
      })),
    );
  }, async ({ json, get, post, data }) => {
    const { items }: Queue = await json("/api/queue?source=unconfirmed");
    assert.equal(items.length, 3);
    for (const { id } of items) {
      for (const part of ["", "/audio", "/spectrogram.png"]) {
        const response = await get(`/api/clips/${id}${part}`);
        assert.equal(response.status, 404);
        await response.body?.cancel();
      }
    }
    assert.equal((await post("/api/export/clips", { client: TAB })).status, 200);
    assert.ok((await Deno.stat(join(data, "../outside.wav"))).isFile);
    assert.equal(await Deno.stat(join(data, "clips/burp-audio")).then(() => true, () => false), false);
  }));

const withClip = (use: (labeler: TestLabeler) => Promise<void>) =>
  withLabeler((data, ledger) => addCandidates(data, ledger, 1), use);

Deno.test("other sites, and names that were made to point here, get nothing and change nothing", () =>
  withClip(async ({ port, ledger, json }) => {
    const own = `127.0.0.1:${port}`;
    const [item] = (await json<Queue>("/api/queue")).items;
    const reads: Record<string, string>[] = [
      ...[
        "evil.example",
        `evil.example:${port}`,
        `127.0.0.1.evil.example:${port}`,
        `127.0.0.1:${port + 1}`,
        "127.0.0.1",
      ]
        .map((host) => ({ host })),
      ...[
        "",
        `192.168.0.1:${port}`,
        `localhost.evil:${port}`,
        `127.0.0.1@evil:${port}`,
        "[::1",
        `0x7f000001:${port}`,
      ]
        .map((host) => ({ host })),
      ...["http://evil.example", "null", `https://${own}`, `http://127.0.0.1:${port + 1}`, "file://"]
        .map((origin) => ({ origin })),
      ...["cross-site", "same-site"].map((site) => ({ "sec-fetch-site": site, "sec-fetch-mode": "no-cors" })),
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    ];
    for (const headers of reads) {
      for (
        const path of ["/api/config", "/api/queue", `/api/clips/${item!.id}/audio`, "/api/export?format=csv"]
      ) {
        const { status, text } = await raw(port, path, { headers });
        assert.ok([400, 403].includes(status), `${path} ${JSON.stringify(headers)}: ${status}`);
        assert.ok(!text.includes("1746376348"));
      }
    }
    const body = JSON.stringify({
      client: TAB,
      id: "answer-1",
      item: item!.id,
      label: "burp",
      replaces: null,
    });
    const length = { "content-length": String(body.length) };
    const json_ = { ...length, "content-type": "application/json" };
    const writes: Record<string, string>[] = [
      json_,
      { ...json_, origin: "http://evil.example" },
      { ...json_, origin: "null" },
      { ...json_, origin: `http://${own}`, host: `evil.example:${port}` },
      { ...json_, origin: `http://evil.example:${port}`, host: `evil.example:${port}` },
      { ...json_, origin: `http://${own}`, "sec-fetch-site": "cross-site" },
      { ...length, origin: `http://${own}`, "content-type": "text/plain" },
      { ...length, origin: `http://${own}`, "content-type": "application/x-www-form-urlencoded" },
      { ...length, origin: `http://${own}` },
    ];
    for (const headers of writes) {
      const { status } = await raw(port, "/api/answers", { method: "POST", headers, body });
      assert.ok([400, 403].includes(status), `${JSON.stringify(headers)}: ${status}`);
    }
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"]) {
      const { status } = await raw(port, "/api/answers", { method });
      assert.ok(status === 0 || status >= 400, `${method}: ${status}`);
    }
    assert.equal((await ledger.entries()).entries.length, 1);
    assert.equal((await raw(port, "/api/config", { headers: { host: `localhost:${port}` } })).status, 200);
  }));

Deno.test("bodies that are too long, no JSON or something else are refused in one line", () =>
  withClip(async ({ post, port, host, ledger, json }) => {
    const [item] = (await json<Queue>("/api/queue")).items;
    const good = { client: TAB, id: "answer-1", item: item!.id, label: "burp", replaces: null };
    const bad: [unknown, number][] = [
      [{ ...good, extra: 1 }, 400],
      [{ ...good, label: "cough" }, 400],
      [{ ...good, id: "../../x" }, 400],
      [{ ...good, id: "" }, 400],
      [{ ...good, item: "__proto__" }, 400],
      [{ ...good, item: "0".repeat(20) }, 404],
      [{ ...good, onset: -1 }, 400],
      [{ ...good, onset: 2, offset: 1 }, 400],
      [{ ...good, offset: 1e300 }, 400],
      [{ ...good, label: "x".repeat(300_000) }, 413],
      [[], 400],
      [null, 400],
      ["text", 400],
    ];
    for (const [body, status] of bad) {
      const response = await post("/api/answers", body);
      const { error } = await response.json();
      assert.equal(response.status, status, `${JSON.stringify(body).slice(0, 80)}: ${error.message}`);
      assert.ok(!error.message.includes("\n") && error.message.length < 300);
    }
    const headers = {
      origin: `http://${host}`,
      "content-type": "application/json",
      "content-length": "99999999",
    };
    assert.equal((await raw(port, "/api/answers", { method: "POST", headers, beginning: true })).status, 413);
    assert.equal((await ledger.entries()).entries.length, 1);
  }));

Deno.test("every answer forbids everything from elsewhere and everything inline", () =>
  withClip(async ({ get }) => {
    for (const path of ["/", "/page/main.js", "/api/config", "/nothing"]) {
      const response = await get(path);
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
      assert.doesNotMatch(policy, /unsafe|\*|https?:/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.equal(response.headers.get("access-control-allow-origin"), null);
      await response.body?.cancel();
    }
  }));

Deno.test("beyond this machine nothing is given without the token, which the first address turns into a cookie", async () => {
  const root = await Deno.makeTempDir({ prefix: "labeler-" });
  const running = await startLabeler({
    hostname: "0.0.0.0",
    ledger: join(root, "labels.jsonl"),
    cacheFolder: root,
  });
  try {
    const { port, searchParams } = new URL(running.url);
    const token = searchParams.get("token")!;
    assert.match(token, /^[0-9a-f]{48}$/);
    const ask = (target: string, cookie?: string, host = `127.0.0.1:${port}`) =>
      raw(Number(port), target, { headers: { host, ...(cookie && { cookie }) } });
    for (
      const target of [
        "/",
        "/api/config",
        "/page/main.js",
        "/?token=",
        `/?token=${token.slice(1)}`,
        "/?token=x",
      ]
    ) {
      assert.equal((await ask(target)).status, 401, target);
    }
    assert.equal(
      (await ask(`/api/config?token=${token}`)).status,
      401,
      "the token belongs into the first address only",
    );
    const opened = await ask(`/?token=${token}`);
    assert.equal(opened.status, 303);
    const cookie = /set-cookie: ([^;]+); Path=\/; HttpOnly; SameSite=Lax/i.exec(opened.text)?.[1];
    assert.equal((await ask("/api/config", cookie)).status, 200);
    assert.equal(
      (await ask("/api/config", cookie, `192.168.1.7:${port}`)).status,
      200,
      "by its address in the network",
    );
    assert.equal((await ask("/api/config", cookie, `evil.example:${port}`)).status, 403);
    assert.equal((await ask("/api/config", `labeler-${port}=${"0".repeat(48)}`)).status, 401);
  } finally {
    await running.close();
    await Deno.remove(root, { recursive: true });
  }
});
