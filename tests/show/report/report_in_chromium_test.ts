import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { decode } from "fast-png";
import { writeFigurePage } from "lib/show/report/figure_page.ts";
import { writeFigurePicture } from "lib/show/report/figure_picture.ts";
import { writeReport } from "lib/show/report/recording_report.ts";
import { keepScreenshot, withBrowser, withPage } from "tests/browser/chromium.ts";
import { exampleFigures } from "tests/show/plots/example_figures.ts";
import { exampleRecording } from "tests/show/report/example_recording.ts";
import { hasProgram } from "tests/requirements.ts";
import { inTemporaryFolder } from "tests/temporary_folder.ts";

const ignore = !(await hasProgram("chromium"));

/** Marks per trace of a figure, by the name in its legend, as they stand on the page. */
function marksOnPage(page: Page, id: string): Promise<Record<string, number>> {
  return page.evaluate((id) => {
    const figure = document.getElementById(id) as HTMLElement & { data: { name?: string }[] };
    const traces = [...figure.querySelectorAll(".scatterlayer .trace")] as (Element & {
      __data__: { trace: { name: string } }[];
    })[];
    return Object.fromEntries(traces.map((trace) => [
      trace.__data__[0]!.trace.name,
      trace.querySelectorAll(".points path.point").length,
    ]));
  }, id);
}

Deno.test({
  name: "a report in Chromium shows its marks, plays its sounds, and asks no network for anything",
  ignore,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, "report #1 & more.html");
      await writeReport(path, exampleRecording());
      const address = pathToFileURL(path);
      await withBrowser(async (browser) => {
        await withPage(browser, address, async ({ page, complaints, requests }) => {
          await page.waitForSelector("#timeline[data-drawn]");
          const marks = await marksOnPage(page, "timeline");
          assert.equal(marks["Found, annotated (10)"], 10);
          assert.equal(marks["False alarm (2)"], 2);
          assert.equal(marks["Missed (1)"], 1);
          const curve = await page.locator("#timeline .scatterlayer .trace").first().locator(".js-line")
            .getAttribute("d");
          assert.ok((curve ?? "").length > 5_000, "the scores are drawn");
          await keepScreenshot(page, "report-light");

          // Without a click, keys lead through the events and play them.
          await page.keyboard.press("n");
          await page.keyboard.press("n");
          const current = page.locator(".card.current");
          assert.equal(await current.getAttribute("id"), "event-2");
          assert.equal(await page.evaluate(() => document.activeElement?.id), "event-2");
          await page.waitForFunction(() => {
            const sound = document.querySelector<HTMLAudioElement>("#event-2 audio");
            return sound && !sound.paused && sound.currentTime > 0;
          });
          const seconds = await current.locator("audio").evaluate((sound) =>
            (sound as HTMLAudioElement).duration
          );
          assert.ok(Math.abs(seconds - 2.6) < 0.01, `${seconds} s`);
          await page.keyboard.press("p");
          assert.equal(await current.getAttribute("id"), "event-1");

          // A click on a mark of the timeline plays that event.
          const wrong = page.locator("#timeline .scatterlayer .trace", { has: page.locator("path.point") })
            .locator("path.point").nth(10);
          const box = (await wrong.boundingBox())!;
          await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
          await page.waitForSelector("#timeline .hovertext");
          assert.match(
            (await page.locator("#timeline .hovertext").textContent()) ?? "",
            /False alarm.*Click/,
          );
          await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
          await page.waitForSelector("#event-5.current");
          await keepScreenshot(page, "report-clicked");

          // Only the kind that was asked for, and weakest first.
          await page.selectOption("#kind", "falseAlarm");
          assert.equal(await page.locator(".card:visible").count(), 2);
          await page.selectOption("#kind", "all");
          await page.selectOption("#order", "score");
          assert.equal(await page.locator(".card").first().getAttribute("data-kind"), "missed");

          // Every sound can be played and every picture was drawn.
          const media = await page.evaluate(async () => {
            const durations = [];
            for (const sound of document.querySelectorAll("audio")) {
              if (sound.readyState < 1) {
                sound.preload = "metadata";
                await new Promise((resolve) =>
                  sound.addEventListener("loadedmetadata", resolve, { once: true })
                );
              }
              durations.push(sound.duration);
            }
            const pictures = [...document.querySelectorAll<HTMLImageElement>(".picture img")];
            await Promise.all(pictures.map((picture) => (picture.loading = "eager", picture.decode())));
            return {
              durations,
              widths: pictures.map((picture) => picture.naturalWidth),
              texts: pictures.map((p) => p.alt),
            };
          });
          assert.equal(media.durations.length, 13);
          assert.ok(
            media.durations.every((duration) => duration > 2.3 && duration < 3.2),
            String(media.durations),
          );
          assert.ok(media.widths.every((width) => width > 200), String(media.widths));
          assert.ok(media.texts.every((text) => /^Spectrogram from .*burp/.test(text)));

          assert.equal(await page.locator("h1").textContent(), exampleRecording().title);
          const unnamed = await page.evaluate(() =>
            [...document.querySelectorAll("audio, button, select, img")].filter((element) =>
              !(element.getAttribute("aria-label") ?? element.getAttribute("alt") ??
                element.closest("label")?.textContent ??
                element.textContent)?.trim()
            ).length
          );
          assert.equal(unnamed, 0);
          assert.equal(await page.locator("#timeline .modebar-btn[data-title*=Share]").count(), 0);
          assert.deepEqual(requests, [address.href]);
          assert.deepEqual(complaints, []);
        }, { height: 1400 });

        await withPage(browser, address, async ({ page, complaints }) => {
          await page.waitForSelector("#timeline[data-drawn]");
          const background = await page.locator("#timeline .main-svg").first().evaluate((svg) =>
            getComputedStyle(svg).backgroundColor
          );
          assert.equal(background, "rgb(20, 24, 29)");
          await keepScreenshot(page, "report-dark");
          assert.deepEqual(complaints, []);
        }, { height: 1400, colorScheme: "dark" });

        await withPage(browser, address, async ({ page }) => {
          await page.waitForSelector("#timeline[data-drawn]");
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= 390, `a phone would scroll sideways: ${wide} pixels`);
          await keepScreenshot(page, "report-phone");
        }, { width: 390, height: 1400 });
      });
    }),
});

Deno.test({
  name: "every kind of figure is drawn by Chromium in light and dark, with plotly.js beside the page",
  ignore,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, "figures.html");
      const figures = Object.entries(await exampleFigures());
      await writeFigurePage(path, {
        title: "Figures",
        figures: figures.map(([, figure]) => figure),
        plotly: "beside",
      });
      await withBrowser(async (browser) => {
        for (const colorScheme of ["light", "dark"] as const) {
          await withPage(browser, pathToFileURL(path), async ({ page, complaints, requests }) => {
            await page.waitForFunction(
              (count) => document.querySelectorAll("[data-drawn]").length === count,
              figures.length,
            );
            for (const [index, [name, figure]] of figures.entries()) {
              const area = page.locator(`#figure-${index + 1}`);
              const drawn = await area.locator(".scatterlayer .trace, .barlayer .trace, .heatmaplayer .hm")
                .count();
              assert.equal(drawn, figure.data.length, name);
              assert.ok((await area.textContent())?.includes(figure.layout.xaxis!.title!.text), name);
              if (colorScheme === "light") {
                await area.screenshot({ path: `data/reports/screenshots/figure-${name}.png` });
              }
            }
            await keepScreenshot(page, `figures-${colorScheme}`, { fullPage: true });
            assert.deepEqual(complaints, []);
            assert.ok(requests.every((request) => request.startsWith("file:")), requests.join());
          }, { width: 1000, colorScheme });
        }
      });
    }),
});

Deno.test({
  name:
    "every kind of figure can be read on a telephone: whole titles, upright labels, nothing over anything",
  ignore,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, "figures.html");
      const figures = Object.entries(await exampleFigures());
      await writeFigurePage(path, { title: "Figures", figures: figures.map(([, figure]) => figure) });
      await withBrowser((browser) =>
        withPage(browser, pathToFileURL(path), async ({ page }) => {
          await page.waitForFunction(
            (count) => document.querySelectorAll("[data-drawn]").length === count,
            figures.length,
          );
          for (const [index, [name, figure]] of figures.entries()) {
            const seen = await page.locator(`#figure-${index + 1}`).evaluate((area) => {
              const edges = (element: Element) => {
                const { left, right, top, bottom } = element.getBoundingClientRect();
                return { left, right, top, bottom };
              };
              const all = (selector: string) => [...area.querySelectorAll(selector)];
              return {
                caption: area.parentElement!.querySelector("figcaption")!.textContent,
                captionEdges: edges(area.parentElement!.querySelector("figcaption")!),
                buttons: all(".modebar").map(edges),
                titles: all(".xtitle").map(edges),
                legend: all(".legend").map(edges),
                turned: all(".xtick text").map((text) => text.getAttribute("transform") ?? "")
                  .filter((transform) => /rotate\((?!0[,)])/.test(transform)),
              };
            });
            assert.ok(seen.caption?.startsWith(plain(figure.layout.title.text)), `${name}: ${seen.caption}`);
            assert.ok(seen.captionEdges.right <= 390, name);
            for (const { top } of seen.buttons) assert.ok(top >= seen.captionEdges.bottom - 1, name);
            if (figure.layout.xaxis?.type !== "category") assert.deepEqual(seen.turned, [], name);
            for (const { left, right } of seen.titles) {
              assert.ok(left >= 0 && right <= 390, `${name}: title of an axis from ${left} to ${right}`);
            }
            const lowest = Math.max(...seen.titles.map(({ bottom }) => bottom));
            for (const { top } of seen.legend) assert.ok(top >= lowest - 1, `${name}: legend over a title`);
          }
          await keepScreenshot(page, "figures-phone", { fullPage: true });
        }, { width: 390, height: 844, isPhone: true })
      );
    }),
});

/** A title of a figure as people read it. */
function plain(title: string): string {
  return title.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

Deno.test({
  name:
    "writeFigurePicture() writes a picture of the size of the figure, with room for a legend of several lines",
  ignore,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, "timeline.png");
      await writeFigurePicture(path, (await exampleFigures())["timeline"]!, { width: 800, scale: 1 });
      const { width, height, data, channels } = decode(await Deno.readFile(path));
      // 420 as a figure, and a second line of the legend.
      assert.deepEqual([width, height], [800, 450]);
      // The green of ten found events and the vermillion of two false alarms are on it.
      const count = (colour: number[]) => {
        let pixels = 0;
        for (let i = 0; i < data.length; i += channels) {
          if (colour.every((value, channel) => Math.abs(data[i + channel]! - value) < 3)) pixels++;
        }
        return pixels;
      };
      assert.ok(count([0, 158, 115]) > 300, `green ${count([0, 158, 115])}`);
      assert.ok(count([213, 94, 0]) > 40, `vermillion ${count([213, 94, 0])}`);
    }),
});
