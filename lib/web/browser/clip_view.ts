import { createLabelId } from "lib/learning/dataset/label_id.ts";
import { getJson, RequestRefused } from "lib/web/browser/api_client.ts";
import { type LabelKey, labelKeys, makeAnswerButtons, showProgress } from "lib/web/browser/clip_panel.ts";
import { ClipQueue } from "lib/web/browser/clip_queue.ts";
import { ClipScreen, type ShownClip } from "lib/web/browser/clip_screen.ts";
import { ClipSources } from "lib/web/browser/clip_sources.ts";
import { clipStageCommands } from "lib/web/browser/clip_stage_commands.ts";
import { byId } from "lib/web/browser/element.ts";
import type { KeyCommand } from "lib/web/browser/key_commands.ts";
import { labelLook } from "lib/web/browser/label_look.ts";
import type { Session } from "lib/web/browser/session.ts";
import type { Answer, AnswerResult, History, Progress, Queue, UndoResult } from "lib/web/pages/api.ts";

/** An answer that can be taken back. */
interface Step {
  readonly answers: readonly string[];
  readonly item: string | undefined;
  /** What held before, as far as this page knows it. */
  readonly before?: Answer | undefined;
}

/** How long to wait for the order of clips before asking again. */
const ASK_AGAIN_MS = 2_000;

/** Clip review: one clip after another, one key each. */
export class ClipView {
  readonly #session: Session;
  readonly #screen: ClipScreen;
  readonly #sources: ClipSources;
  readonly #keys: readonly LabelKey[];
  readonly #root = byId("clips-view", HTMLElement);
  #queue = new ClipQueue([]);
  /** How far sounds are compared that are not in their order yet. */
  #comparing: Queue["comparing"];
  #askAgain: ReturnType<typeof setTimeout> | undefined;
  #steps: Step[] = [];
  /** Answers, undos and reloads, one after another. */
  #work: Promise<void> = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
    const { labels, events } = session.config;
    this.#keys = labelKeys(labels, events);
    const buttons = makeAnswerButtons(
      this.#keys,
      events,
      (label, event) => void this.answer(label, event.timeStamp),
    );
    byId("answers", HTMLElement).replaceChildren(...buttons);
    this.#screen = new ClipScreen(session, buttons);
    this.#sources = new ClipSources(
      session.config,
      () => void this.#openQueue().catch((error) => session.problem(String(error.message))),
    );
  }

  /** Opens the queue. */
  async open(): Promise<void> {
    this.#root.hidden = false;
    await this.#readSteps();
    await this.#openQueue();
  }

  /** What can be taken back, also from before the page was opened. */
  async #readSteps(): Promise<void> {
    const history = await getJson<History>("/api/history?scope=clips&limit=1000");
    // The latest step is last here.
    this.#steps = history.steps.map(({ answers, item }) => ({ answers, item })).reverse();
  }

  close(): void {
    this.#root.hidden = true;
    clearTimeout(this.#askAgain);
    this.#session.player.stop();
    this.#screen.take();
  }

  /** Shows again what could not be loaded while the server was gone. */
  async serverBack(): Promise<void> {
    if (this.#queue.places.length === 0) await this.#openQueue();
    else await this.#screen.showAgain(this.#queue);
  }

  /** Someone else wrote to the ledger: the queue may have grown or been answered. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#reloadNow());
  }

  async #reloadNow(): Promise<void> {
    if (this.#session.outbox.kept > 0) return;
    const queue = await getJson<Queue>(`/api/queue?source=${this.#sources.chosen}`);
    if (this.#session.outbox.kept > 0) return;
    const old = this.#queue;
    this.#take(queue, old.continued(queue.items, this.#screen.wanted));
    this.#showProgress(this.#queue.progress());
    if (old.places.length === 0 || this.#screen.shown === undefined) await this.#next(-1, undefined);
  }

  commands(): KeyCommand[] {
    const answers = this.#keys.map(({ label, keys }): KeyCommand => ({
      keys,
      does: `Answer: ${labelLook(label, this.#session.config.events).text}`,
      run: (event) => void this.answer(label, event.timeStamp),
    }));
    return [
      ...answers,
      { keys: ["z", "Ctrl+z", "Backspace"], does: "Undo, as often as you like", run: () => void this.undo() },
      ...clipStageCommands(this.#screen.stage),
      { keys: [","], does: "Slower, down to a quarter", run: () => this.#session.changeSpeed(-1) },
      { keys: ["."], does: "Faster, up to twice", run: () => this.#session.changeSpeed(1) },
      { keys: ["h"], does: "Show hints before the answer, or not", run: () => this.#screen.hints.toggle() },
      { keys: ["PageUp"], does: "Look at the clip before", run: () => void this.#step(-1) },
      { keys: ["PageDown"], does: "Look at the clip after", run: () => void this.#step(1) },
    ];
  }

  /** Answers the clip that is shown, and shows the next one when the answer is on a disk. */
  async answer(label: string, pressedAt: number): Promise<void> {
    const shown = this.#session.blocked ? undefined : this.#screen.take();
    if (!shown) return;
    await this.#inTurn(() => this.#answerNow(shown, label, pressedAt));
  }

  /** Takes the latest answer back and shows its clip again. */
  undo(): Promise<void> {
    return this.#inTurn(() => this.#undoNow());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error) => this.#session.problem(String(error.message)));
    return this.#work;
  }

  async #answerNow(shown: ShownClip, label: string, pressedAt: number): Promise<void> {
    // The person's label that holds, as far as the page knows.
    const before = this.#queue.place(shown.id)?.answer;
    const id = createLabelId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
    const bounds = shown.clip ? this.#screen.stage.bounds : {};
    try {
      const outcome = await this.#session.outbox.send<AnswerResult>(id, "/api/answers", {
        client: this.#session.client,
        id,
        item: shown.id,
        label,
        ...bounds,
        replaces: before ?? null,
        tookMs: Math.max(0, Math.round(performance.now() - shown.since)),
      });
      if (outcome.state === "saved") this.#session.presence.noteRevision(outcome.answer.revision);
      this.#queue.note(shown.id, { id, label });
      if (shown.clip) {
        const source = { kind: "person" } as const;
        const time = new Date().toISOString();
        void this.#screen.note(shown.id, { id, label, ...this.#screen.stage.bounds, time, source });
      }
      this.#queue.tick(Date.now());
      this.#steps.push({ answers: [id], item: shown.id, before: shown.clip?.item.answer });
      this.#screen.hints.answered(shown.clip, label);
      this.#showProgress(outcome.state === "saved" ? outcome.answer.progress : this.#queue.progress());
      // Not waited for: undo must work while a clip is on its way.
      void this.#next(this.#queue.indexOf(shown.id), pressedAt);
    } catch (error) {
      this.#screen.giveBack(shown);
      await this.#refused(error, shown.id);
    }
  }

  async #undoNow(): Promise<void> {
    if (this.#session.blocked) return;
    // The server tells of the latest thousand at a time.
    if (this.#steps.length === 0 && this.#session.outbox.kept === 0) await this.#readSteps();
    const step = this.#steps.at(-1);
    if (!step) return this.#session.announce("There is nothing to take back");
    this.#steps.pop();
    const shown = this.#screen.take();
    const id = createLabelId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
    try {
      const outcome = await this.#session.outbox.send<UndoResult>(id, "/api/undo", {
        client: this.#session.client,
        scope: "clips",
        answers: step.answers,
      });
      const restored = outcome.state === "saved"
        ? outcome.answer.items.find((item) => item.id === step.item)?.answer
        : step.before;
      if (outcome.state === "saved") this.#session.presence.noteRevision(outcome.answer.revision);
      this.#queue.untick();
      this.#screen.hints.undone();
      if (step.item !== undefined) {
        this.#queue.note(step.item, restored);
        await this.#screen.note(step.item, restored);
      }
      this.#showProgress(outcome.state === "saved" ? outcome.answer.progress : this.#queue.progress());
      void this.#show(step.item ?? shown?.id);
      this.#session.announce("Taken back");
    } catch (error) {
      this.#steps.push(step);
      this.#screen.giveBack(shown);
      await this.#refused(error, shown?.id);
    }
  }

  async #openQueue(): Promise<void> {
    this.#screen.stage.clear();
    const queue = await getJson<Queue>(`/api/queue?source=${this.#sources.chosen}`);
    this.#take(queue, new ClipQueue(queue.items));
    this.#showProgress(queue.progress);
    await this.#next(-1, undefined);
  }

  #take({ comparing }: Queue, queue: ClipQueue): void {
    this.#queue = queue;
    this.#comparing = comparing;
    clearTimeout(this.#askAgain);
    if (comparing) this.#askAgain = setTimeout(() => void this.reload(), ASK_AGAIN_MS);
  }

  #showProgress(progress: Progress): void {
    // The page knows better what is left, the server how fast it went before the page was opened.
    const known = { ...progress, ...this.#queue.progress() };
    showProgress(known, this.#comparing);
    this.#sources.showLeft(known.left);
    this.#root.toggleAttribute("data-empty", known.total === 0);
  }

  async #next(after: number, pressedAt: number | undefined): Promise<void> {
    const [next] = this.#queue.unanswered(after, 1);
    if (next !== undefined) return await this.#show(next, pressedAt);
    this.#screen.showNothing(
      this.#queue.places.length > 0
        ? "All clips here are answered. Undo goes back; other clips are in the list above."
        : "There are no clips here. Harvest some (deno task harvest), or find some (deno task find --clips). " +
          "Whole recordings can be labelled, too: they are under Recordings.",
    );
  }

  async #step(direction: -1 | 1): Promise<void> {
    const { shown } = this.#screen;
    const place = shown && this.#queue.places[this.#queue.indexOf(shown.id) + direction];
    if (place) await this.#show(place.id);
  }

  async #show(id: string | undefined, pressedAt?: number): Promise<void> {
    if (id !== undefined) await this.#screen.show(id, this.#queue, pressedAt);
  }

  async #refused(error: unknown, id: string | undefined): Promise<void> {
    if (!(error instanceof RequestRefused)) throw error;
    if (error.code === "lease") return await this.#session.presence.beat();
    this.#session.problem(error.message);
    if (error.code !== "conflict" || id === undefined) return;
    // It was labelled otherwise meanwhile: show that, and let the person decide again.
    const current = error.current.findLast(({ source }) => source.kind === "person");
    this.#queue.note(id, current);
    await this.#screen.note(id, current);
    await this.#show(id);
  }
}
