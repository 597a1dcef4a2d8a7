import assert from "node:assert/strict";
import { join } from "node:path";
import { createRandom } from "lib/base/numbers/random.ts";
import { longRun, tellFigure } from "tests/long_run.ts";
import { type Container, CONTAINERS, familyOf } from "tests/marked_media/containers.ts";
import { type Fault, FAULTS } from "tests/marked_media/faults.ts";
import { makeMedia } from "tests/marked_media/make_media.ts";
import type { Mark } from "tests/marked_media/marked_signal.ts";
import { measure } from "tests/marked_media/measure.ts";
import { pairsOfValues, pairwise } from "tests/marked_media/pairwise.ts";
import { type Ffmpeg, findMaker, findReaders, withFfmpeg } from "tests/marked_media/programs.ts";
import { hearAll, type Use, USE_NAMES, usesPicture } from "tests/marked_media/uses.ts";
import { writeToneModel } from "tests/learning/model_package/tone_model.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

interface Row {
  readonly container: Container;
  readonly fault: Fault;
  readonly use: Use;
  readonly reader: Ffmpeg;
}

const maker = await findMaker();
const readers = await findReaders();

const ALL: readonly Row[] = readers.flatMap((reader) =>
  CONTAINERS.flatMap((container) =>
    FAULTS.filter((fault) => fault.fits(container)).flatMap((fault) =>
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
 * What is not right yet: pictures behind several joins may be some pictures early or late though the sound is right, and
 * those that the ffmpeg of 2018 cuts where the rate or the channels change are later still.
 */
const isKnown = ({ fault, use, reader }: Row) =>
  use === "picture" && ((fault.parts?.length ?? 0) > 2 ||
    (/2018/.test(reader.name) && fault.otherSound !== undefined && !fault.goesOn));

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
        // A recording is made and read once for all its uses.
        const left = Object.values(
          Object.groupBy(rows, ({ container, fault }) => `${container.name} | ${fault.name}`),
        );
        await withFfmpeg(reader.path!, () =>
          Promise.all(Array.from({ length: AT_ONCE }, async (_, worker) => {
            const own = join(folder, `${worker}`);
            await Deno.mkdir(own);
            for (let uses = left.shift(); uses; uses = left.shift()) {
              const { container, fault } = uses[0]!;
              const media = await makeMedia(maker!, container, fault, own);
              let heard: readonly Mark[] | undefined;
              for (const row of uses) {
                const name = `${container.name} | ${fault.name} | ${row.use}`;
                try {
                  heard ??= await hearAll(media.path);
                  const { worst, problem } = await measure(row, media, heard, {
                    judge: maker!,
                    folder: own,
                    modelDir,
                  });
                  tellFigure(`${reader.name} | ${name} | ${worst.toFixed(1)} ms`);
                  if (problem) problems.push(`${name}: ${problem}`);
                } catch (error) {
                  problems.push(`${name}: ${error instanceof Error ? error.message : error}`);
                }
              }
              await Deno.remove(media.path);
            }
          })));
        assert.deepEqual(problems, []);
      }),
  });
}
