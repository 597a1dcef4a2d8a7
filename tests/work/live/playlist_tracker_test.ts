import assert from "node:assert/strict";
import { parseMediaPlaylist } from "lib/media/hls/media_playlist.ts";
import { createPlaylistTracker, type LiveSegment } from "lib/work/live/playlist_tracker.ts";

const START = Date.UTC(2026, 0, 1);

/** A playlist with segments of 2 s, numbered from `first`; segment n begins n * 2 s after the start. */
function playlist(
  first: number,
  count: number,
  { clock = true, folder = "a", shiftMs = 0, prefetch = false, titles = {} }: {
    clock?: boolean | undefined;
    folder?: string;
    shiftMs?: number;
    prefetch?: boolean;
    titles?: Record<number, string>;
  } = {},
) {
  const lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:2", `#EXT-X-MEDIA-SEQUENCE:${first}`];
  for (let n = first; n < first + count; n++) {
    if (clock) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(START + n * 2000 + shiftMs).toISOString()}`);
    lines.push(`#EXTINF:2.000,${titles[n] ?? "live"}`, `${folder}/${n}.ts`);
  }
  if (prefetch) lines.push(`#EXT-X-TWITCH-PREFETCH:${folder}/${first + count}.ts`);
  return parseMediaPlaylist(lines.join("\n"), "http://host/live.m3u8");
}

function hear(tracker: ReturnType<typeof createPlaylistTracker>, segments: readonly LiveSegment[]): number[] {
  for (const segment of segments) tracker.heard(segment);
  return segments.map(({ sequence }) => sequence);
}

Deno.test("createPlaylistTracker() begins near the live edge and gives each segment once", () => {
  const tracker = createPlaylistTracker();
  assert.deepEqual(hear(tracker, tracker.update(playlist(10, 15))), [23, 24]);
  assert.deepEqual(hear(tracker, tracker.update(playlist(10, 15))), []);
  assert.deepEqual(hear(tracker, tracker.update(playlist(12, 15))), [25, 26]);
});

Deno.test("createPlaylistTracker() gives a segment again until it is marked", () => {
  const tracker = createPlaylistTracker();
  assert.equal(tracker.update(playlist(10, 15)).length, 2);
  assert.deepEqual(tracker.update(playlist(10, 15)).map(({ sequence }) => sequence), [23, 24]);
});

for (const clock of [true, false]) {
  Deno.test(`createPlaylistTracker() says how much is missing ${clock ? "by the clock" : "by the numbers"}`, () => {
    const tracker = createPlaylistTracker();
    hear(tracker, tracker.update(playlist(10, 15, { clock })));
    const [first, second] = tracker.update(playlist(40, 15, { clock }));
    assert.equal(first!.missingSeconds, 30);
    assert.equal(second!.missingSeconds, 0);
  });
}

Deno.test("createPlaylistTracker() counts a lost segment into what is missing before the next", () => {
  const tracker = createPlaylistTracker();
  const [a, b] = tracker.update(playlist(10, 15));
  tracker.heard(a!);
  tracker.lost(b!);
  const [next] = tracker.update(playlist(12, 14));
  assert.equal(next!.sequence, 25);
  assert.equal(next!.missingSeconds, 2);
});

Deno.test("createPlaylistTracker() waits for a server that is behind, and takes a new broadcast", () => {
  const tracker = createPlaylistTracker();
  hear(tracker, tracker.update(playlist(10, 15)));
  assert.deepEqual(tracker.update(playlist(8, 15)), []);
  const again = tracker.update(playlist(0, 3, { folder: "b", shiftMs: 600_000 }));
  assert.deepEqual(again.map(({ sequence }) => sequence), [0, 1, 2]);
  assert(again[0]!.discontinuity);
  // The first ended at 50 s, the second began at 600 s.
  assert.equal(again[0]!.missingSeconds, 550);
});

Deno.test("createPlaylistTracker() hears the same sound under new numbers once", () => {
  const tracker = createPlaylistTracker();
  hear(tracker, tracker.update(playlist(10, 15, { clock: false })));
  const renumbered = playlist(10, 16, { clock: false });
  const shifted = {
    ...renumbered,
    segments: renumbered.segments.map((segment) => ({ ...segment, sequence: segment.sequence + 5 })),
  };
  assert.deepEqual(tracker.update(shifted).map(({ url }) => url), ["http://host/a/25.ts"]);
});

Deno.test("createPlaylistTracker() takes what is announced, but not while an advertisement runs", () => {
  const tracker = createPlaylistTracker();
  const first = tracker.update(playlist(10, 15, { prefetch: true }));
  assert.deepEqual(first.map(({ sequence, isPrefetch }) => [sequence, isPrefetch]), [
    [23, false],
    [24, false],
    [25, true],
  ]);
  hear(tracker, first);
  assert.deepEqual(tracker.update(playlist(11, 15)), [], "it is not heard again when it is complete");
  const advertised = tracker.update(playlist(12, 15, { prefetch: true, titles: { 26: "Amazon|1" } }));
  assert.deepEqual(advertised.map((s) => [s.sequence, s.isAdvertisement, s.discontinuity]), [[
    26,
    true,
    true,
  ]]);
});
