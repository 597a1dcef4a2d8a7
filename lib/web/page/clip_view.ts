import { createLabelId } from "lib/dataset/label_id.ts";
import type {
  Answer,
  AnswerResult,
  ClipSource,
  History,
  LabelerConfig,
  Progress,
  Queue,
  UndoResult,
} from "lib/web/api.ts";
import { getJson, RequestRefused, ServerGone } from "lib/web/page/api_client.ts";
import { ClipCache, type LoadedClip } from "lib/web/page/clip_cache.ts";
import { type LabelKey, labelKeys, makeAnswerButtons, showProgress } from "lib/web/page/clip_panel.ts";
import { ClipQueue } from "lib/web/page/clip_queue.ts";
import { ClipHintsPanel } from "lib/web/page/clip_hints_panel.ts";
import { ClipStage } from "lib/web/page/clip_stage.ts";
import { byId, setText } from "lib/web/page/element.ts";
import type { KeyCommand } from "lib/web/page/key_commands.ts";
import { labelLook } from "lib/web/page/label_look.ts";
import type { Session } from "lib/web/page/session.ts";

/** An answer that can be taken back. */
interface Step {
  readonly answers: readonly string[];
  readonly item: string | undefined;
  /** What held before, as far as this page knows it. */
  readonly before?: Answer | undefined;
}

/** A clip on the screen. */
interface ShownClip {
  readonly id: string;
  /** Undefined if it cannot be played. */
  readonly clip: LoadedClip | undefined;
  readonly since: number;
}

const PREFETCH = 12;

/** Clip review: one clip after another, one key each. */
export class ClipView {
  readonly #session: Session;
  readonly #config: LabelerConfig;
  readonly #cache: ClipCache;
  readonly #stage: ClipStage;
  readonly #hints: ClipHintsPanel;
  readonly #keys: readonly LabelKey[];
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #root = byId("clips-view", HTMLElement);
  readonly #message = byId("clip-message", HTMLElement);
  #source: ClipSource;
  #queue = new ClipQueue([]);
  #steps: Step[] = [];
  /** The clip that can be answered: nothing while another one is on its way. */
  #shown: ShownClip | undefined;
  #wanted: string | undefined;
  #turn = 0;
  /** Answers, undos and reloads, one after another. */
  #work: Promise<void> = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
    this.#config = session.config;
    this.#source = session.config.source;
    this.#cache = new ClipCache(session.player.context);
    this.#stage = new ClipStage(session.player);
    this.#hints = new ClipHintsPanel(session.config.events);
    this.#keys = labelKeys(session.config.labels, session.config.events);
    this.#buttons = makeAnswerButtons(
      this.#keys,
      session.config.events,
      (label, event) => void this.answer(label, event.timeStamp),
    );
    byId("answers", HTMLElement).replaceChildren(...this.#buttons);
    this.#fillSources();
  }

  /** Opens the queue. */
  async open(): Promise<void> {
    this.#root.hidden = false;
    const history = await getJson<History>("/api/history?scope=clips&limit=1000");
    // The latest step is last here.
    this.#steps = history.steps.map(({ answers, item }) => ({ answers, item })).reverse();
    await this.#openQueue();
  }

  close(): void {
    this.#root.hidden = true;
    this.#session.player.stop();
    this.#shown = undefined;
  }

  /** Shows again what could not be loaded while the server was gone. */
  async serverBack(): Promise<void> {
    if (this.#queue.places.length === 0) await this.#openQueue();
    else if (!this.#shown?.clip && this.#wanted !== undefined) await this.#show(this.#wanted, undefined);
  }

  /** Someone else wrote to the ledger: the queue may have grown or been answered. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#reloadNow());
  }

  async #reloadNow(): Promise<void> {
    if (this.#session.outbox.kept > 0) return;
    const { items } = await getJson<Queue>(`/api/queue?source=${this.#source}`);
    if (this.#session.outbox.kept > 0) return;
    const old = this.#queue;
    this.#queue = new ClipQueue(items);
    if (old.places.length === 0 || this.#shown === undefined) await this.#next(-1, undefined);
    else this.#showProgress(this.#queue.progress());
  }

  commands(): KeyCommand[] {
    const answers = this.#keys.map(({ label, keys }): KeyCommand => ({
      keys,
      does: `Answer: ${labelLook(label, this.#config.events).text}`,
      run: (event) => void this.answer(label, event.timeStamp),
    }));
    return [
      ...answers,
      { keys: ["z", "Ctrl+z", "Backspace"], does: "Undo, as often as you like", run: () => void this.undo() },
      ...this.#stage.commands(),
      { keys: [","], does: "Slower, down to a quarter", run: () => this.#session.changeSpeed(-1) },
      { keys: ["."], does: "Faster, up to twice", run: () => this.#session.changeSpeed(1) },
      { keys: ["h"], does: "Show hints before the answer, or not", run: () => this.#hints.toggle() },
      { keys: ["PageUp"], does: "Look at the clip before", run: () => void this.#step(-1) },
      { keys: ["PageDown"], does: "Look at the clip after", run: () => void this.#step(1) },
    ];
  }

  /** Answers the clip that is shown, and shows the next one when the answer is on a disk. */
  async answer(label: string, pressedAt: number): Promise<void> {
    const shown = this.#shown;
    if (!shown || this.#session.blocked) return;
    this.#shown = undefined;
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
    const before = this.#knownAnswer(shown.id);
    const id = createLabelId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
    const bounds = shown.clip ? this.#stage.bounds : {};
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
      if (shown.clip) this.#remember(shown.clip, { id, label, ...this.#stage.bounds });
      this.#queue.tick(Date.now());
      this.#steps.push({ answers: [id], item: shown.id, before: shown.clip?.item.answer });
      this.#hints.answered(shown.clip, label);
      this.#showProgress(outcome.state === "saved" ? outcome.answer.progress : this.#queue.progress());
      // Not waited for: undo must work while a clip is on its way.
      void this.#next(this.#queue.indexOf(shown.id), pressedAt);
    } catch (error) {
      this.#shown = shown;
      await this.#refused(error, shown.id);
    }
  }

  async #undoNow(): Promise<void> {
    const step = this.#steps.at(-1);
    if (!step || this.#session.blocked) return;
    this.#steps.pop();
    const shown = this.#shown;
    this.#shown = undefined;
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
      this.#hints.undone();
      if (step.item !== undefined) {
        this.#queue.note(step.item, restored);
        await this.#restore(step.item, restored);
      }
      this.#showProgress(outcome.state === "saved" ? outcome.answer.progress : this.#queue.progress());
      void this.#show(step.item ?? shown?.id, undefined);
      this.#session.announce("Taken back");
    } catch (error) {
      this.#steps.push(step);
      this.#shown = shown;
      await this.#refused(error, shown?.id);
    }
  }

  /** The id of the person's label that holds, as far as the page knows. */
  #knownAnswer(id: string): string | undefined {
    return this.#queue.place(id)?.answer;
  }

  async #openQueue(): Promise<void> {
    this.#stage.clear();
    const queue = await getJson<Queue>(`/api/queue?source=${this.#source}`);
    this.#queue = new ClipQueue(queue.items);
    this.#showProgress(queue.progress);
    await this.#next(-1, undefined);
  }

  #showProgress(progress: Progress): void {
    const own = this.#queue.progress();
    // The page knows better what is left, the server how fast it went before the page was opened.
    showProgress({ ...progress, ...own });
  }

  async #next(after: number, pressedAt: number | undefined): Promise<void> {
    const [next] = this.#queue.unanswered(after, 1);
    if (next !== undefined) return await this.#show(next, pressedAt);
    this.#wanted = undefined;
    this.#shown = undefined;
    this.#stage.clear();
    this.#root.dataset["clip"] = "";
    this.#setButtons(undefined);
    this.#say(
      this.#queue.places.length > 0
        ? "All clips here are answered. Undo goes back; other clips are in the list above."
        : "There are no clips here. Harvest some (deno task harvest), or find some (deno task find --clips).",
    );
  }

  async #step(direction: -1 | 1): Promise<void> {
    if (!this.#shown) return;
    const place = this.#queue.places[this.#queue.indexOf(this.#shown.id) + direction];
    if (place) await this.#show(place.id, undefined);
  }

  async #show(id: string | undefined, pressedAt: number | undefined): Promise<void> {
    if (id === undefined) return;
    const turn = ++this.#turn;
    this.#shown = undefined;
    this.#wanted = id;
    const waiting = setTimeout(() => this.#say("Loading the clip…"), 400);
    try {
      const clip = await this.#cache.get(id);
      if (turn !== this.#turn) return;
      this.#say("");
      this.#stage.show(clip);
      this.#shown = { id, clip, since: performance.now() };
      this.#hints.shown(clip, this.#queue.place(id)?.label);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#stage.clear();
      if (!(error instanceof RequestRefused) || error.code === "busy") {
        this.#say("The server does not answer, and this clip is not loaded yet. It comes as soon as it can.");
        if (!(error instanceof ServerGone)) setTimeout(() => void this.serverBack(), 1_500);
        else this.#session.presence.noteGone();
        return;
      }
      this.#say(`This clip cannot be played: ${error.message}`);
      this.#shown = { id, clip: undefined, since: performance.now() };
    } finally {
      clearTimeout(waiting);
    }
    const index = this.#queue.indexOf(id);
    this.#setButtons(this.#queue.place(id)?.label);
    this.#root.dataset["clip"] = id;
    this.#session.announce(`Clip ${index + 1} of ${this.#queue.places.length}`);
    requestAnimationFrame(() => {
      if (pressedAt !== undefined) this.#root.dataset["shownMs"] = (performance.now() - pressedAt).toFixed(1);
    });
    void this.#cache.prefetch(this.#queue.unanswered(index, PREFETCH), () => this.#showAhead());
  }

  /** How many of the next clips would show even if the server went away now. */
  #showAhead(): void {
    const next = this.#queue.unanswered(this.#queue.indexOf(this.#wanted ?? ""), PREFETCH);
    const missing = next.findIndex((id) => !this.#cache.has(id));
    this.#root.dataset["ahead"] = String(missing < 0 ? next.length : missing);
  }

  #setButtons(label: string | undefined): void {
    for (const button of this.#buttons) {
      button.setAttribute("aria-pressed", String(button.dataset["label"] === label));
    }
  }

  #remember(clip: LoadedClip, answer: Pick<Answer, "id" | "label" | "onset" | "offset">): void {
    const whole: Answer = { ...answer, time: new Date().toISOString(), source: { kind: "person" } };
    this.#cache.note(clip.item.id, whole);
  }

  async #restore(id: string, answer: Answer | undefined): Promise<void> {
    await this.#cache.note(id, answer);
  }

  async #refused(error: unknown, id: string | undefined): Promise<void> {
    if (!(error instanceof RequestRefused)) throw error;
    if (error.code === "lease") return await this.#session.presence.beat();
    this.#session.problem(error.message);
    if (error.code !== "conflict" || id === undefined) return;
    // It was labelled otherwise meanwhile: show that, and let the person decide again.
    const current = error.current.findLast(({ source }) => source.kind === "person");
    this.#queue.note(id, current);
    await this.#restore(id, current);
    await this.#show(id, undefined);
  }

  #say(text: string): void {
    this.#message.hidden = text === "";
    setText(this.#message, text);
  }

  #fillSources(): void {
    const select = byId("source", HTMLSelectElement);
    const names: Record<ClipSource, string> = {
      ledger: "the harvest, undecided",
      unconfirmed: "labels to confirm",
      found: "what was found",
      bot: "the bot",
      queue: "everything, most instructive first",
    };
    select.replaceChildren(
      ...this.#config.sources.map(({ source, left }) =>
        new Option(`${names[source]} (${left})`, source, false, source === this.#source)
      ),
    );
    select.addEventListener("change", () => {
      this.#source = select.value as ClipSource;
      select.blur();
      void this.#openQueue().catch((error) => this.#session.problem(String(error.message)));
    });
  }
}
