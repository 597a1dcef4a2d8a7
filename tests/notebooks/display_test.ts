import assert from "node:assert/strict";
import { plotConfusion } from "lib/show/plots/confusion.ts";
import type { Figure } from "lib/show/plots/figure.ts";
import { markup } from "lib/show/report/html.ts";
import {
  livePlot,
  showFigure,
  showHtml,
  showImage,
  showPlayer,
  showTable,
  showText,
  UPDATE_MS,
  useKernel,
} from "notebooks/display.ts";
import { createFakeClock } from "tests/fake_clock.ts";

interface Message {
  readonly type: string;
  readonly content: {
    readonly data?: Record<string, unknown>;
    readonly text?: string;
    readonly transient?: { readonly display_id?: string };
  };
}

/** Runs with a kernel that keeps what is sent to editors. */
async function withKernel(run: (messages: Message[]) => Promise<void>): Promise<void> {
  const messages: Message[] = [];
  useKernel({
    broadcast: (type, content) => {
      messages.push({ type, content });
      return Promise.resolve();
    },
  });
  try {
    await run(messages);
  } finally {
    useKernel(undefined);
  }
}

function figure(label: string): Figure {
  const counts = { truePositives: 1, falsePositives: 0, falseNegatives: 0, trueNegatives: 1 };
  return plotConfusion({ label, threshold: 0.5, ...counts });
}

const titleOf = ({ content }: Message) =>
  (content.data?.["application/vnd.plotly.v1+json"] as Figure).layout.title.text.split(" ")[2];

Deno.test("show…() sends figures, players, pictures, tables, HTML and text in the order of the calls", () =>
  withKernel(async (messages) => {
    await showFigure(figure("burp"));
    await showPlayer(new Float32Array(1600), { title: "A <b>sound</b>" });
    await showImage(new Uint8Array(8), "A picture");
    await showTable({ title: "Numbers", columns: ["a (s)"], rows: [[1.5]] });
    await showHtml(markup`<p>${"<"}</p>`);
    await showText("one", "two");
    assert.equal(titleOf(messages[0]!), "burp");
    assert.equal(messages[0]!.content.data!["text/plain"], "[figure] Clips of burp at threshold 0.5");
    const html = messages.slice(1, 5).map(({ content }) => String(content.data!["text/html"]));
    assert.match(html[0]!, /data-output="player".*A &lt;b&gt;sound.*src="data:audio\/wav;base64,UklGR/s);
    assert.match(html[1]!, /data-output="picture".*alt="A picture"/s);
    assert.match(html[2]!, /<caption[^>]*>Numbers<.*a \(s\).*text-align:right[^>]*>1\.5</s);
    assert.equal(html[3], "<p>&lt;</p>");
    assert.deepEqual(messages[5], { type: "stream", content: { name: "stdout", text: "one\ntwo\n" } });
  }));

Deno.test("showTable() sets numbers to the right, also those that are written out, and headings above them", () =>
  withKernel(async (messages) => {
    const rows = [["a", "0.50", "12 %", "0:12:34.5", ""], ["b.wav", "-1.25", "3 %", "0:00:01.0", 7]];
    await showTable({ title: "Numbers", columns: ["Clip", "Score", "Share", "Time", "Count"], rows });
    const html = String(messages[0]!.content.data!["text/html"]);
    const sides = [...html.matchAll(/<t[hd]\b[^>]*text-align:(left|right)[^>]*>([^<]*)</g)]
      .map(([, side, text]) => `${text} ${side}`);
    assert.deepEqual(sides, [
      ...["Clip left", "Score right", "Share right", "Time right", "Count right"],
      ...["a left", "0.50 right", "12 % right", "0:12:34.5 right", " left"],
      ...["b.wav left", "-1.25 right", "3 % right", "0:00:01.0 right", "7 right"],
    ]);
  }));

Deno.test("showPlayer() cuts sounds that no editor would take, and says so", () =>
  withKernel(async (messages) => {
    await showPlayer(new Float32Array(100 * 1000), { title: "Long", sampleRate: 1000 });
    const html = String(messages[0]!.content.data!["text/html"]);
    assert.match(html, /Long \(first 45 s\)/);
    assert.ok(html.length < 130_000, `${html.length} characters`);
  }));

Deno.test("showFigure() refuses a figure that editors would drop", () =>
  withKernel(async () => {
    await assert.rejects(showFigure(figure("x".repeat(50_000))), /bytes; editors take up to 200000/);
  }));

Deno.test("livePlot() updates one place at most four times a second, and ends with the last figure", () =>
  withKernel(async (messages) => {
    const clock = createFakeClock();
    const plot = livePlot({ clock });
    const times: number[] = [];
    let made = 0;
    for (let i = 0; i < 100; i++) {
      plot.update(() => (made++, times.push(clock.monotonicMs()), figure(`n${i}`)));
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await plot.done();
    const gaps = times.slice(1, -1).map((time, i) => time - times[i]!);
    assert.ok(gaps.every((gap) => gap >= UPDATE_MS), gaps.join());
    assert.ok(made > 2 && made <= 25, `figures in between are not made: ${made}`);
    assert.equal(titleOf(messages.at(-1)!), "n99");
    assert.deepEqual([...new Set(messages.map(({ type }) => type))], ["display_data", "update_display_data"]);
    assert.equal(new Set(messages.map(({ content }) => content.transient!.display_id)).size, 1);
    plot.update(figure("late"));
    assert.equal(titleOf(messages.at(-1)!), "n99", "nothing is drawn after the end");
  }));

Deno.test("livePlot() tells an error where the cell can hear it", () =>
  withKernel(async () => {
    const plot = livePlot({ clock: createFakeClock() });
    plot.update(() => {
      throw new RangeError("no such figure");
    });
    await new Promise((resolve) => setTimeout(resolve, 0));
    plot.update(figure("fine"));
    await assert.rejects(plot.done(), /no such figure/);
  }));

Deno.test("show…() says so where there is no notebook", async () => {
  await assert.rejects(showText("x"), /There is no notebook here/);
});
