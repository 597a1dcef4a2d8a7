import { getJson, ServerGone } from "lib/web/browser/api_client.ts";
import { ClipView } from "lib/web/browser/clip_view.ts";
import { byId, setText } from "lib/web/browser/element.ts";
import { showHelp } from "lib/web/browser/help_dialog.ts";
import { type KeyCommand, runKeyCommand } from "lib/web/browser/key_commands.ts";
import { Notices } from "lib/web/browser/notices.ts";
import { Outbox } from "lib/web/browser/outbox.ts";
import { createMemoryStore, openOutboxStore } from "lib/web/browser/outbox_store.ts";
import { Player } from "lib/web/browser/player.ts";
import { Presence } from "lib/web/browser/presence.ts";
import { RecordingsView } from "lib/web/browser/recordings_view.ts";
import { type Session, showSpeed } from "lib/web/browser/session.ts";
import { TransferDialog } from "lib/web/browser/transfer_dialog.ts";
import type { LabelerConfig } from "lib/web/pages/api.ts";

const notices = new Notices(byId("notices", HTMLElement));

/** Opens the page: what is kept from last time first, then the view that the address names. */
async function start(config: LabelerConfig): Promise<void> {
  const client = crypto.randomUUID();
  const player = new Player();
  let blocked = false;
  const outbox = new Outbox({
    store: await openOutboxStore(config.ledger).catch(() => {
      notices.show("memory", {
        tone: "warning",
        closes: true,
        text: "This browser keeps nothing: do not close the page while the server is gone.",
      });
      return createMemoryStore();
    }),
    onChange: () => {
      if (outbox.gone) presence.noteGone();
      showKept();
    },
    onRefused: ({ error }) => problem(`Something that waited here was not saved: ${error.message}`),
  });
  const presence = new Presence(client, config.heartbeatMs, {
    onServer: () => {
      notices.hide("gone");
      void outbox.flush().then(serverBack).catch(report);
    },
    onGone: () => showKept(true),
    onLease: (lease) => {
      blocked = lease === "other";
      document.body.classList.toggle("blocked", blocked);
      for (const id of ["answers", "classes"]) byId(id, HTMLElement).inert = blocked;
      if (!blocked) return notices.hide("lease");
      notices.show("lease", {
        tone: "warning",
        text: "Another tab or window is labelling these. Answers count there, not here.",
        actions: [{
          text: "Label here instead",
          run: () => void presence.takeOver().then(reload).catch(report),
        }],
      });
    },
    onRevision: () => void reload().catch(report),
  });
  const session: Session = {
    config,
    client,
    outbox,
    presence,
    player,
    notices,
    get blocked() {
      return blocked;
    },
    announce: (text) => setText(byId("announcer", HTMLElement), text),
    problem,
    changeSpeed: (direction) => showSpeed(player.changeSpeed(direction)),
  };
  const clips = new ClipView(session);
  const recordings = new RecordingsView(session);
  const transfer = new TransferDialog(session, () => void reload().catch(report));
  let view: "clips" | "recordings" | undefined;
  let opened: "no" | "opening" | "yes" = "opening";

  function showKept(gone = outbox.gone): void {
    if (gone) {
      const kept = outbox.kept === 0
        ? ""
        : ` ${outbox.kept} ${outbox.kept === 1 ? "answer is" : "answers are"} kept in this browser.`;
      notices.show("gone", {
        tone: "warning",
        text:
          `The server does not answer. Go on: what you answer is kept here and sent when it is back.${kept}`,
      });
    }
    const waiting = outbox.kept > 0
      ? `${outbox.kept} waiting to be saved`
      : gone
      ? "Server gone"
      : "All saved";
    setText(byId("connection", HTMLElement), waiting);
    byId("connection", HTMLElement).dataset["kept"] = String(outbox.kept);
  }

  async function serverBack(): Promise<void> {
    showKept();
    if (opened === "no") await route();
    else if (opened === "opening") return;
    else if (view === "clips") await clips.serverBack();
    else if (view === "recordings") await recordings.reload();
  }

  async function reload(): Promise<void> {
    if (opened !== "yes") return;
    if (view === "clips") await clips.reload();
    else if (view === "recordings") await recordings.reload();
  }

  async function route(): Promise<void> {
    const [, name = config.view, id] = /^#(clips|recordings)(?:\/([0-9a-f]{20}))?$/.exec(location.hash) ?? [];
    clips.close();
    recordings.close();
    opened = "opening";
    view = name === "recordings" ? "recordings" : "clips";
    for (const link of document.querySelectorAll("nav a")) {
      if (link.getAttribute("href") === `#${view}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    byId("undo", HTMLElement).hidden = view === "recordings" && !id;
    try {
      await presence.claim(view === "clips" ? "clips" : id ? `recording:${id}` : null);
      if (view === "clips") await clips.open();
      else if (id) await recordings.open(id);
      else await recordings.openList();
      opened = "yes";
    } catch (error) {
      // It is tried again when the server is back.
      opened = "no";
      throw error;
    }
  }

  const commands = (): KeyCommand[] => [
    ...view === "clips" ? clips.commands() : recordings.commands(),
    { keys: ["?"], does: "Show this help", run: () => help() },
  ];
  const help = () => showHelp(view === "clips" ? "Keys for clips" : "Keys for recordings", commands());
  document.addEventListener("keydown", (event) => {
    if (player.context.state === "suspended") void player.context.resume().then(showSound);
    runKeyCommand(event, commands());
  });
  document.addEventListener("pointerdown", () => void player.context.resume().then(showSound));
  document.addEventListener("click", ({ target, detail }) => {
    // Clicked buttons give the focus back, so that Space goes on playing; those that were reached by keyboard keep it.
    if (detail > 0 && target instanceof Element) target.closest("button")?.blur();
  });
  const click = (id: string, run: () => void) => byId(id, HTMLElement).addEventListener("click", run);
  click("help", help);
  click("transfer", () => void transfer.open());
  click("undo", () => view === "clips" ? void clips.undo() : recordings.undo());
  for (const id of ["clip-slower", "recording-slower"]) click(id, () => session.changeSpeed(-1));
  for (const id of ["clip-faster", "recording-faster"]) click(id, () => session.changeSpeed(1));
  for (const { id, press } of clipButtons(clips)) click(id, press);
  // What was pressed before would have been lost.
  byId("tools", HTMLElement).inert = false;
  addEventListener("hashchange", () => void route().catch(report));

  function showSound(): void {
    notices.hide("sound");
  }
  showSpeed(player.speed);
  await outbox.restore();
  if (outbox.kept > 0) await outbox.flush();
  showKept();
  await route().catch(report);
  if (player.context.state === "suspended") {
    notices.show("sound", { tone: "good", text: "Press any key or tap once to hear sound." });
  }
}

/** Buttons of the clip view that do what a key does. */
function clipButtons(clips: ClipView): { id: string; press: () => void }[] {
  const keys: Record<string, string> = {
    "clip-replay": " ",
    "clip-part": "v",
    "clip-loop": "l",
    "clip-reset": "r",
    "clip-earlier": "ArrowLeft",
    "clip-later": "ArrowRight",
    "clip-other": "ArrowUp",
  };
  return Object.entries(keys).map(([id, key]) => ({
    id,
    press: () =>
      clips.commands().find(({ keys }) => keys.includes(key))?.run(new KeyboardEvent("keydown", { key })),
  }));
}

function problem(text: string): void {
  notices.show("problem", { tone: "problem", text, closes: true });
}

function report(error: unknown): void {
  problem(error instanceof Error ? error.message : String(error));
}

async function startWhenThere(): Promise<void> {
  try {
    const config = await getJson<LabelerConfig>("/api/config");
    notices.hide("start");
    await start(config);
  } catch (error) {
    if (!(error instanceof ServerGone)) return report(error);
    const text = "The server does not answer. The page goes on when it does.";
    notices.show("start", { tone: "warning", text });
    setTimeout(() => void startWhenThere(), 1_000);
  }
}

await startWhenThere();
