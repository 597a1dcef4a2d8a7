import assert from "node:assert/strict";
import type { Hearing } from "lib/learning/detect/hearing.ts";
import { createHearingLedger } from "lib/learning/detect/hearing_ledger.ts";

const event = (onset: number, offset: number, score = 0.9) => ({ onset, offset, score, label: "burp" });
const brief = (hearings: readonly Hearing[]) =>
  hearings.map((hearing) => hearing.kind === "scored" ? "" : `${hearing.kind} ${hearing.id}`);
const ledger = () => createHearingLedger({ score: () => 0.8, patience: 2 });

Deno.test("createHearingLedger() tells a provisional event once, and then that it is certain", () => {
  const { provisional, certain } = ledger();
  assert.deepEqual(brief(provisional([event(10, 10.5)])), ["heard 1"]);
  assert.deepEqual(brief(provisional([event(10, 10.8)])), []);
  assert.deepEqual(brief(certain([event(10, 10.7)], 12)), ["confirmed 1"]);
  assert.deepEqual(brief(provisional([event(10, 10.7)])), [], "also not after it");
});

Deno.test("createHearingLedger() tells a certain event that was below the bar at first", () => {
  const { provisional, certain } = ledger();
  assert.deepEqual(brief(provisional([event(10, 10.5, 0.7)])), []);
  assert.deepEqual(brief(certain([event(10, 10.5)], 12)), ["heard 1"]);
});

Deno.test("createHearingLedger() takes back what does not become certain, once it is patient no more", () => {
  const { provisional, certain } = ledger();
  provisional([event(10, 10.5)]);
  assert.deepEqual(brief(certain([], 12.4)), []);
  assert.deepEqual(brief(certain([], 12.6)), ["withdrawn 1"]);
});

Deno.test("createHearingLedger() waits for the end of an event that goes on", () => {
  const { provisional, certain } = ledger();
  provisional([event(10, 11)]);
  provisional([event(10, 13)]);
  assert.deepEqual(brief(certain([], 13.5)), []);
  assert.deepEqual(brief(certain([event(10, 14)], 16)), ["confirmed 1"]);
});

Deno.test("createHearingLedger() makes two provisional events one where the certain one holds both", () => {
  const { provisional, certain } = ledger();
  assert.deepEqual(brief(provisional([event(10, 10.4), event(11, 11.5)])), ["heard 1", "heard 2"]);
  const hearings = certain([event(10, 11.5)], 13);
  assert.deepEqual(brief(hearings), ["confirmed 1", "withdrawn 2"]);
  assert(hearings[1]?.kind === "withdrawn" && hearings[1].mergedInto === 1);
});

Deno.test("createHearingLedger() takes back all that is open where a stretch ends", () => {
  const { provisional, settle } = ledger();
  provisional([event(10, 10.5)]);
  assert.deepEqual(brief(settle()), ["withdrawn 1"]);
  assert.deepEqual(brief(settle()), []);
});
