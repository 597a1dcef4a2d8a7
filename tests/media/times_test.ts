import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/system/random.ts";
import { longRun, tellFigure } from "tests/long_run.ts";
import { type Container, CONTAINERS, familyOf } from "tests/media/containers.ts";
import { type Fault, FAULTS } from "tests/media/faults.ts";
import { makeMedia } from "tests/media/make_media.ts";
import { measure } from "tests/media/measure.ts";
import { pairsOfValues, pairwise } from "tests/media/pairwise.ts";
import { type Ffmpeg, findMaker, findReaders, withFfmpeg } from "tests/media/programs.ts";
import { type Use, USE_NAMES, usesPicture } from "tests/media/uses.ts";
import { writeToneModel } from "tests/model_package/tone_model.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

interface Row {
  readonly container: Container;
  readonly fault: Fault;
  readonly use: Use;
  readonly reader: Ffmpeg;
}

const maker = await findMaker();
const readers = await findReaders();

/** What reading takes for silence so far. */
const NOT_MENDED = "opposite phase";

const ALL: readonly Row[] = readers.flatMap((reader) =>
  CONTAINERS.flatMap((container) =>
    FAULTS.filter((fault) => fault.fits(container) && fault.name !== NOT_MENDED).flatMap((fault) =>
      USE_NAMES.filter((use) => (container.video && !container.cannotBeCut) || !usesPicture(use))
        .map((use) => ({ container, fault, use, reader }))
    )
  )
);

// Containers of one family are read alike; each is read with each ffmpeg at least.
const ROWS = longRun ? ALL : pairwise(
  ALL,
  ({ container, fault, use, reader }) => [
    ...pairsOfValues([familyOf(container), fault.name, use, reader.name]),
    `${container.name} ${reader.name}`,
  ],
  createRandom("media"),
);

/**
 * What is not right yet: pictures behind several joins may be some pictures early or late though the sound is right, those
 * that the ffmpeg of 2018 cuts where the rate changes are later still, and a container whose time goes on over a change of
 * rate may declare too short a duration.
 */
const isKnown = ({ fault, use, reader }: Row) =>
  (use === "picture" && (fault.parts?.length ?? 0) > 2) ||
  (use === "picture" && /2018/.test(reader.name) && fault.otherSound !== undefined) ||
  ((use === "harvest" || use === "page") && fault.goesOn === true);

/** Rows at a time: most of the time goes into programs that use one core. */
const AT_ONCE = 2;

for (const reader of readers) {
  const rows = ROWS.filter((row) => row.reader === reader && !isKnown(row));
  Deno.test({
    name: `times of any container are those that a player shows, in each use, with the ${reader.name}`,
    ignore: maker === undefined || reader.path === undefined,
    fn: () =>
      inTemporaryFolder(async (folder) => {
        const modelDir = join(folder, "model");
        await writeToneModel(modelDir, { eventNames: ["mark"] });
        const problems: string[] = [];
        const left = [...rows];
        await withFfmpeg(reader.path!, () =>
          Promise.all(Array.from({ length: AT_ONCE }, async (_, worker) => {
            const own = join(folder, `${worker}`);
            await Deno.mkdir(own);
            for (let row = left.shift(); row; row = left.shift()) {
              const { container, fault, use } = row;
              const name = `${container.name} | ${fault.name} | ${use}`;
              try {
                const media = await makeMedia(maker!, container, fault, own);
                const { worst, problem } = await measure(container, fault, media, use, {
                  ...{ judge: maker!, folder: own, modelDir },
                });
                tellFigure(`${reader.name} | ${name} | ${worst.toFixed(1)} ms`);
                if (problem) problems.push(`${name}: ${problem}`);
                await Deno.remove(media.path);
              } catch (error) {
                problems.push(`${name}: ${error instanceof Error ? error.message : error}`);
              }
            }
          })));
        assert.deepEqual(problems, []);
      }),
  });
}
