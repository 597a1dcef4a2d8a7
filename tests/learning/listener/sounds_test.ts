import assert from "node:assert/strict";
import { findSound, LISTENER_SOUNDS } from "lib/learning/listener/sounds.ts";

const titleOf = (word: string) => findSound(word, LISTENER_SOUNDS).title;

Deno.test("findSound() takes short names, titles, words of a title and parts, in any case", () => {
  assert.equal(titleOf("burp"), "Burping, eructation");
  assert.equal(titleOf("laugh"), "Laughter");
  assert.equal(titleOf("laughter"), "Laughter");
  assert.equal(titleOf("CLAP"), "Clapping");
  assert.equal(titleOf("gunshot"), "Gunshot, gunfire");
  assert.equal(titleOf("gunfire"), "Gunshot, gunfire");
  assert.equal(titleOf("speech"), "Speech");
  assert.equal(titleOf("Burping, eructation"), "Burping, eructation");
  assert.equal(titleOf("cock-a-doodle"), "Crowing, cock-a-doodle-doo");
  assert.equal(titleOf(" hiccup "), "Hiccup");
});

Deno.test("findSound() lists what a part may mean, and says what it does not know", () => {
  assert.throws(() => titleOf("baby"), {
    name: "RangeError",
    message: '"baby" may be "Baby laughter", "Baby cry, infant cry": name one of them',
  });
  assert.throws(() => titleOf("ing"), /and \d+ more: name one of them/);
  assert.throws(() => titleOf("xyzzy"), /"xyzzy" is no sound that is known/);
  assert.throws(() => titleOf("  "), /is no sound that is known/);
});

Deno.test("the listener's sounds have names and titles of their own, and thresholds that can be reached", () => {
  assert.equal(LISTENER_SOUNDS.length, 521);
  assert.equal(new Set(LISTENER_SOUNDS.map(({ name }) => name)).size, 521);
  for (const sound of LISTENER_SOUNDS) {
    assert(sound.threshold >= 0.1 && sound.threshold <= 0.5, sound.title);
    assert.equal(titleOf(sound.title), sound.title);
    assert.equal(titleOf(sound.name), sound.title);
  }
});
