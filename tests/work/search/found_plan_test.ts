import assert from "node:assert/strict";
import { join } from "node:path";
import { FIND_FORMATS, formatFileName, planFound } from "lib/work/search/found_plan.ts";

const FILM = {
  recording: "vods/film.mkv",
  name: "film",
  url: undefined,
  folder: join("found", "film"),
  hasPicture: true,
};
const EVENTS = [
  { onset: 3.25, offset: 3.75, label: "burp", score: 0.9 },
  { onset: 61, offset: 62, label: "Cough / cold", score: 0.4 },
];
const NOTHING = { formats: ["csv"], calibrations: new Map() } as const;
const namesOf = (plan: ReturnType<typeof planFound>) => plan.files.map(({ name }) => name);

Deno.test("planFound() names clips after recording, onset and sound, with picture where there is one", () => {
  const plan = planFound(FILM, EVENTS, { ...NOTHING, clips: true });
  const [first, second] = [
    join("clips", "film_00003.250_burp"),
    join("clips", "film_00061.000_Cough___cold"),
  ];
  assert.deepEqual(namesOf(plan), [
    `${first}.wav`,
    `${first}.mp4`,
    `${second}.wav`,
    `${second}.mp4`,
    "events.csv",
  ]);
  assert.deepEqual(plan.events.map(({ clip }) => clip), [
    join(FILM.folder, `${first}.wav`),
    join(FILM.folder, `${second}.wav`),
  ]);
  const heard = planFound({ ...FILM, hasPicture: false }, EVENTS, { ...NOTHING, clips: true });
  assert.deepEqual(namesOf(heard), [`${first}.wav`, `${second}.wav`, "events.csv"]);
  const [clip] = plan.files;
  assert(clip?.kind === "clip" && clip.event === plan.events[0], "a clip knows its event");
});

Deno.test("planFound() names clips that are there, and none where nothing is kept", () => {
  const clip = join("clips", "film_00003.250_burp.wav");
  const kept = planFound(FILM, EVENTS, NOTHING, { [clip]: [] });
  assert.deepEqual(kept.events.map((event) => event.clip), [join(FILM.folder, clip), undefined]);
  assert.deepEqual(namesOf(kept), ["events.csv"], "it need not be cut again");
  const nowhere = planFound({ ...FILM, folder: undefined }, EVENTS, NOTHING, { [clip]: [] });
  assert(nowhere.events.every((event) => !("clip" in event)));
});

Deno.test("planFound() gives every format a file of its own", () => {
  const { files } = planFound(FILM, EVENTS, { ...NOTHING, formats: FIND_FORMATS });
  assert.equal(new Set(files.map(({ name }) => name)).size, FIND_FORMATS.length);
  assert.deepEqual(files.map(({ name }) => name), FIND_FORMATS.map(formatFileName));
  assert.equal(files.at(-1)?.kind, "report");
});

Deno.test("planFound() lays the sounds of a large report beside it, one for each event", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ onset: 10 * i, offset: 10 * i + 1, label: "burp", score: 1 }));
  const planned = (count: number) =>
    namesOf(planFound(FILM, many(count), { ...NOTHING, formats: ["html", "csv"] }));
  // Three seconds each, 16,000 samples of two bytes, four letters for three bytes: 10 MB are 78 of them.
  assert.deepEqual(planned(78), ["report.html", "events.csv"]);
  const names = planned(79);
  assert.equal(names.length, 1 + 79 + 1);
  assert.deepEqual([names[1], names[79], names[80]], [
    join("report-sounds", "event-1.wav"),
    join("report-sounds", "event-79.wav"),
    "events.csv",
  ]);
});

Deno.test("planFound() links to moments by the address that was given, the recording's own, or its name", () => {
  const linkOf = (target: typeof FILM | (Omit<typeof FILM, "url"> & { url: string }), url?: string) =>
    planFound(target, EVENTS, { ...NOTHING, url }).events[1]!.url;
  assert.equal(linkOf(FILM), undefined);
  assert.equal(linkOf({ ...FILM, name: "1746376348" }), "https://www.twitch.tv/videos/1746376348?t=1m1s");
  const own = { ...FILM, url: "https://www.twitch.tv/videos/1111111111" };
  assert.equal(linkOf(own), "https://www.twitch.tv/videos/1111111111?t=1m1s");
  assert.equal(linkOf(own, "2222222222"), "https://www.twitch.tv/videos/2222222222?t=1m1s");
});

Deno.test("planFound() says how likely an event is right for sounds whose scores are calibrated", () => {
  const at = "2026-11-01T00:00:00.000Z";
  const curve = [{ score: 0, probability: 0.2 }, { score: 1, probability: 0.8 }];
  const calibrations = new Map([["burp", { at, curve } as never]]);
  const { events } = planFound(FILM, EVENTS, { ...NOTHING, calibrations });
  assert.ok(events[0]!.probability! > 0.2 && events[0]!.probability! <= 0.8);
  assert(!("probability" in events[1]!));
});
