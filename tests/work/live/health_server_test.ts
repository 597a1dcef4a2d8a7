import assert from "node:assert/strict";
import { startHealthServer } from "lib/work/live/health_server.ts";

Deno.test("startHealthServer() answers with the health, and with 503 where things are not well", async () => {
  let well = true;
  const server = startHealthServer({ port: 0, health: () => ({ state: "listening" }), isWell: () => well });
  try {
    const good = await fetch(server.url);
    assert.equal(good.status, 200);
    assert.deepEqual(await good.json(), { state: "listening" });
    well = false;
    const bad = await fetch(server.url);
    assert.equal(bad.status, 503);
    await bad.body?.cancel();
    const other = await fetch(new URL("/other", server.url));
    assert.equal(other.status, 404);
    await other.body?.cancel();
  } finally {
    await server.close();
  }
});
