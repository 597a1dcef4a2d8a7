import { getJson, RequestRefused } from "lib/web/browser/api_client.ts";
import { byId, element, setText } from "lib/web/browser/element.ts";
import type { KeyCommand } from "lib/web/browser/key_commands.ts";
import { recordingCommands } from "lib/web/browser/recording_commands.ts";
import { RecordingView } from "lib/web/browser/recording_view.ts";
import type { Session } from "lib/web/browser/session.ts";
import { formatTime, parseTime } from "lib/web/browser/view_range.ts";
import type {
  CandidateList,
  RecordingDetail,
  RecordingList,
  RecordingOverview,
  RecordingSummary,
} from "lib/web/pages/api_recordings.ts";

/** The list of long recordings, and the one that is open. */
export class RecordingsView {
  readonly #session: Session;
  readonly #listRoot = byId("recordings-view", HTMLElement);
  readonly #root = byId("recording-view", HTMLElement);
  #open: RecordingView | undefined;
  #turn = 0;

  constructor(session: Session) {
    this.#session = session;
    this.#bindControls();
  }

  commands(): KeyCommand[] {
    return this.#open ? recordingCommands(this.#open, this.#session) : [];
  }

  /** Shows which recordings there are. */
  async openList(): Promise<void> {
    this.close();
    const turn = this.#turn;
    this.#listRoot.hidden = false;
    const list = byId("recordings-list", HTMLElement);
    // Many of them are looked into for the first time.
    if (list.childElementCount === 0) {
      setText(byId("recordings-empty", HTMLElement), "Looking for recordings…");
    }
    const { recordings } = await getJson<RecordingList>("/api/recordings");
    if (turn !== this.#turn) return;
    setText(
      byId("recordings-empty", HTMLElement),
      recordings.length > 0
        ? ""
        : "There are no recordings here. Put some into data/vods, or name them: deno task label stream.mkv.",
    );
    list.replaceChildren(...recordings.map(listEntry));
  }

  /** Opens a recording. */
  async open(id: string): Promise<void> {
    this.close();
    const turn = this.#turn;
    this.#root.hidden = false;
    this.#root.setAttribute("aria-busy", "true");
    setText(byId("recording-name", HTMLElement), "Opening…");
    setText(byId("recording-facts", HTMLElement), "");
    const path = `/api/recordings/${encodeURIComponent(id)}`;
    try {
      const [detail, overview, candidates] = await Promise.all([
        getJson<RecordingDetail>(path),
        getJson<RecordingOverview>(`${path}/overview`),
        getJson<CandidateList>(`${path}/candidates`),
      ]);
      if (turn !== this.#turn) return;
      this.#open = new RecordingView(this.#session, { detail, overview, candidates });
      const { editor } = this.#open;
      editor.alternating = byId("alternating", HTMLInputElement).checked;
      this.#open.snaps.on = byId("snapping", HTMLInputElement).checked;
      await this.#open.open();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.close();
      if (!(error instanceof RequestRefused)) throw error;
      this.#session.problem(error.message);
      location.hash = "#recordings";
    } finally {
      this.#root.removeAttribute("aria-busy");
    }
  }

  close(): void {
    this.#turn++;
    this.#open?.close();
    this.#open = undefined;
    this.#listRoot.hidden = true;
    this.#root.hidden = true;
    delete this.#root.dataset["drawn"];
  }

  async reload(): Promise<void> {
    if (this.#open) await this.#open.reload();
    else if (!this.#listRoot.hidden) await this.openList();
  }

  undo(): void {
    this.#open?.undo();
  }

  #bindControls(): void {
    const click = (id: string, run: (view: RecordingView) => void) =>
      byId(id, HTMLElement).addEventListener("click", () => this.#open && run(this.#open));
    click("recording-play", (view) => view.playback.toggle());
    click("recording-loop", (view) => view.playback.toggleLoop());
    click("recording-remove", (view) => view.remove());
    click("candidate-before", (view) => view.steps.candidate(-1));
    click("candidate-next", (view) => view.steps.candidate(1));
    click("boundary-before", (view) => view.steps.boundary(-1));
    click("boundary-next", (view) => view.steps.boundary(1));
    click("zoom-in", (view) => view.window.zoom(0.5));
    click("zoom-out", (view) => view.window.zoom(2));
    click("zoom-all", (view) => view.window.showAll());
    click("earlier", (view) => view.editor.boundary ? view.steps.nudge(-0.01) : view.window.pan(-0.5));
    click("later", (view) => view.editor.boundary ? view.steps.nudge(0.01) : view.window.pan(0.5));
    byId("alternating", HTMLInputElement).addEventListener("change", ({ target }) => {
      if (!this.#open) return;
      this.#open.editor.cancel();
      this.#open.editor.alternating = (target as HTMLInputElement).checked;
      this.#open.editor.cancel();
    });
    byId("snapping", HTMLInputElement).addEventListener("change", ({ target }) => {
      if (this.#open) this.#open.snaps.on = (target as HTMLInputElement).checked;
    });
    const time = byId("go-to-time", HTMLInputElement);
    byId("go-to", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const seconds = parseTime(time.value);
      if (seconds === undefined) {
        this.#session.problem(`"${time.value}" is no time: write 1:02:03, 2:03.5 or 90`);
        return;
      }
      this.#open?.window.reach(seconds);
      time.blur();
    });
    // What was written before is written over.
    time.addEventListener("focus", () => time.select());
    time.addEventListener("keydown", ({ key }) => key === "Escape" && time.blur());
  }
}

function listEntry(recording: RecordingSummary): HTMLElement {
  const { id, name, duration, sizeBytes, regions, candidates, problem } = recording;
  const facts = [
    ...duration === undefined ? [] : [formatTime(duration)],
    formatBytes(sizeBytes),
    `${regions} labelled`,
    `${candidates} to look at`,
  ].join(" · ");
  const title = problem === undefined
    ? element("a", { text: name, set: { href: `#recordings/${id}` } })
    : element("span", { text: name });
  return element("li", {
    children: [title, element("p", { class: problem ? "problem-text" : "facts", text: problem ?? facts })],
  });
}

function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.max(0.1, bytes / 1e6).toFixed(1)} MB`;
}
