import assert from "node:assert/strict";
import { RequestRefused, ServerGone } from "lib/web/browser/api_client.ts";
import { Outbox, type RefusedPost } from "lib/web/browser/outbox.ts";
import type { KeptPost, OutboxStore } from "lib/web/browser/outbox_store.ts";

/** A store in memory, and a server that can be away. */
function world() {
  const stored = new Map<string, KeptPost>();
  const store: OutboxStore = {
    all: () => Promise.resolve([...stored.values()]),
    put: (post) => Promise.resolve(void stored.set(post.id, post)),
    remove: (id) => Promise.resolve(void stored.delete(id)),
  };
  const arrived: { id: unknown; kept: unknown }[] = [];
  const server = { there: true, refuses: new Set<string>() };
  const refused: RefusedPost[] = [];
  const open = () =>
    new Outbox({
      store,
      onChange: () => {},
      onRefused: (post) => refused.push(post),
      post: (_path, body) => {
        const { id, kept } = body as { id: string; kept?: boolean };
        if (!server.there) return Promise.reject(new ServerGone("gone"));
        if (server.refuses.has(id)) {
          return Promise.reject(new RequestRefused({ error: { code: "conflict", message: "no" } }));
        }
        arrived.push({ id, kept });
        return Promise.resolve({ ok: id });
      },
    });
  return { stored, server, arrived, refused, open };
}

Deno.test("an outbox keeps what the server did not take, and sends it in order when it is back", async () => {
  const { stored, server, arrived, open } = world();
  const outbox = open();
  assert.deepEqual(await outbox.send("1", "/api", { id: "1" }), { state: "saved", answer: { ok: "1" } });
  server.there = false;
  assert.deepEqual(await outbox.send("2", "/api", { id: "2" }), { state: "kept" });
  server.there = true;
  // It is back, but the earlier one must arrive first.
  assert.deepEqual(await outbox.send("3", "/api", { id: "3" }), { state: "kept" });
  assert.deepEqual([...stored.keys()], ["2", "3"]);
  await Promise.all([outbox.flush(), outbox.flush()]);
  assert.deepEqual(arrived, [{ id: "1", kept: undefined }, { id: "2", kept: true }, { id: "3", kept: true }]);
  assert.equal(stored.size, 0);
  assert.equal(outbox.gone, false);
});

Deno.test("an answer that was put behind others goes out by itself when those are through", async () => {
  const { stored, server, arrived, open } = world();
  const outbox = open();
  server.there = false;
  await outbox.send("1", "/api", { id: "1" });
  server.there = true;
  const [behind] = await Promise.all([outbox.send("2", "/api", { id: "2" }), outbox.flush()]);
  assert.deepEqual(behind, { state: "kept" });
  await outbox.flush();
  assert.deepEqual(arrived.map(({ id }) => id), ["1", "2"]);
  assert.deepEqual([stored.size, outbox.kept], [0, 0]);
});

Deno.test("a page that was closed while the server was away leaves its answers to the next one", async () => {
  const { server, arrived, open } = world();
  server.there = false;
  const closed = open();
  await closed.send("1", "/api", { id: "1" });
  await closed.send("2", "/api", { id: "2" });
  server.there = true;
  const next = open();
  await next.restore();
  assert.equal(next.kept, 2);
  await next.flush();
  assert.deepEqual(arrived.map(({ id }) => id), ["1", "2"]);
});

Deno.test("an answer that is refused does not hold up the others, and is told of", async () => {
  const { server, arrived, refused, open } = world();
  const outbox = open();
  server.there = false;
  for (const id of ["1", "2", "3"]) await outbox.send(id, "/api", { id });
  server.there = true;
  server.refuses.add("2");
  await outbox.flush();
  assert.deepEqual(arrived.map(({ id }) => id), ["1", "3"]);
  assert.deepEqual(refused.map(({ post }) => post.id), ["2"]);
  // At once, while the server is there, a refusal is the caller's to deal with.
  await assert.rejects(outbox.send("2", "/api", { id: "2" }), RequestRefused);
  assert.equal(outbox.kept, 0);
});
