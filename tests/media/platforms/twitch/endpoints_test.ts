import assert from "node:assert/strict";
import { ENDPOINT_VARIABLES, readEndpoints, TWITCH_ENDPOINTS } from "lib/media/platforms/twitch/endpoints.ts";

Deno.test("readEndpoints() takes each address from the environment, else Twitch's", () => {
  assert.deepEqual(readEndpoints(() => undefined), TWITCH_ENDPOINTS);
  const scheme = (name: string) => name === "TWITCH_IRC_URL" ? "ws" : "http";
  assert.deepEqual(readEndpoints((name) => `${scheme(name)}://localhost:8000/${name}/`), {
    gql: "http://localhost:8000/TWITCH_GQL_URL",
    usher: "http://localhost:8000/TWITCH_USHER_URL",
    helix: "http://localhost:8000/TWITCH_HELIX_URL",
    id: "http://localhost:8000/TWITCH_ID_URL",
    irc: "ws://localhost:8000/TWITCH_IRC_URL",
  });
  assert.deepEqual(ENDPOINT_VARIABLES.toSorted(), [
    "TWITCH_GQL_URL",
    "TWITCH_HELIX_URL",
    "TWITCH_ID_URL",
    "TWITCH_IRC_URL",
    "TWITCH_USHER_URL",
  ]);
});

Deno.test("readEndpoints() names the variable that holds no address", () => {
  for (const text of ["localhost:8000", "file:///etc/passwd", "x y"]) {
    const env = (name: string) => name === "TWITCH_USHER_URL" ? text : undefined;
    assert.throws(() => readEndpoints(env), { name: "TypeError", message: /TWITCH_USHER_URL/ });
  }
});

Deno.test("readEndpoints() wants a web socket address for chat", () => {
  const env = (text: string) => (name: string) => name === "TWITCH_IRC_URL" ? text : undefined;
  assert.equal(readEndpoints(env("wss://chat.example/")).irc, "wss://chat.example");
  assert.throws(() => readEndpoints(env("https://chat.example")), { message: /TWITCH_IRC_URL.*ws:\/\// });
});
