/**
 * The behaviour of a recording's report: step through the events by key or button, play an event by clicking its mark in
 * the timeline or its spectrogram, choose order and kind. It runs in the reader's browser: its source text goes
 * into the page, so that it uses nothing outside itself.
 */
export function runRecording(): void {
  interface PlotArea extends HTMLElement {
    on?(name: "plotly_click", listen: (event: { points: { customdata?: unknown }[] }) => void): void;
  }
  const { Plotly } = globalThis as unknown as {
    Plotly?: { relayout(area: HTMLElement, settings: Record<string, unknown>): Promise<unknown> };
  };
  const list = document.querySelector<HTMLElement>(".cards");
  const status = document.querySelector<HTMLElement>(".status");
  const timeline = document.getElementById("timeline") as PlotArea | null;
  const kind = document.querySelector<HTMLSelectElement>("#kind");
  const order = document.querySelector<HTMLSelectElement>("#order");
  if (!list || !status) return;
  let current: HTMLElement | undefined;

  const shown = () => [...list.querySelectorAll<HTMLElement>(".card:not(.hidden)")];
  const soundOf = (card: HTMLElement | undefined) => card?.querySelector("audio") ?? undefined;
  const smooth = () => matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";

  function tellStatus(): void {
    const cards = shown();
    const place = current ? cards.indexOf(current) + 1 : 0;
    status!.textContent = place > 0 ? `${place} of ${cards.length}` : `${cards.length} events`;
  }

  function select(card: HTMLElement | undefined, play: boolean): void {
    if (!card) return;
    current?.classList.remove("current");
    current = card;
    card.classList.add("current");
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", behavior: smooth() });
    tellStatus();
    const x = Number(card.dataset["x"]);
    if (timeline?.dataset["drawn"]) {
      void Plotly?.relayout(timeline, {
        shapes: [{
          type: "line",
          x0: x,
          x1: x,
          y0: 0,
          y1: 1,
          yref: "paper",
          line: { color: "#808080", width: 1.5 },
        }],
      });
    }
    if (play) start(card, 0);
  }

  function start(card: HTMLElement, seconds: number): void {
    const sound = soundOf(card);
    if (!sound) return;
    for (const other of list!.querySelectorAll("audio")) if (other !== sound) other.pause();
    sound.currentTime = seconds;
    // A browser may refuse to play before the first click; the player itself then remains to be pressed.
    void sound.play().catch(() => {});
  }

  function step(by: number): void {
    const cards = shown();
    const place = current ? cards.indexOf(current) : -1;
    const next = place < 0 ? (by > 0 ? 0 : cards.length - 1) : place + by;
    select(cards[Math.max(0, Math.min(cards.length - 1, next))], true);
  }

  function toggle(): void {
    if (!current) return step(1);
    const sound = soundOf(current);
    if (sound?.paused) void sound.play().catch(() => {});
    else sound?.pause();
  }

  function arrange(): void {
    const byScore = order?.value === "score";
    const cards = [...list!.querySelectorAll<HTMLElement>(".card")];
    const key = (card: HTMLElement) => Number(card.dataset[byScore ? "score" : "onset"]);
    cards.sort((a, b) => key(a) - key(b));
    list!.append(...cards);
    for (const card of cards) {
      card.classList.toggle("hidden", !!kind && kind.value !== "all" && kind.value !== card.dataset["kind"]);
    }
    if (current?.classList.contains("hidden")) {
      soundOf(current)?.pause();
      current.classList.remove("current");
      current = undefined;
    }
    tellStatus();
  }

  const keys: Record<string, () => void> = {
    n: () => step(1),
    j: () => step(1),
    ArrowRight: () => step(1),
    p: () => step(-1),
    k: () => step(-1),
    ArrowLeft: () => step(-1),
    " ": toggle,
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    // Players, buttons and menus have a use of their own for the same keys.
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("audio,select,button,a,input")) {
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.querySelector("#previous")?.addEventListener("click", () => step(-1));
  document.querySelector("#next")?.addEventListener("click", () => step(1));
  document.querySelector("#play")?.addEventListener("click", toggle);
  kind?.addEventListener("change", arrange);
  order?.addEventListener("change", arrange);

  list.addEventListener("click", (event) => {
    const picture = (event.target as HTMLElement).closest<HTMLElement>(".picture");
    const card = picture?.closest<HTMLElement>(".card");
    if (!picture || !card) return;
    const box = picture.getBoundingClientRect();
    select(card, false);
    start(card, Number(picture.dataset["seconds"]) * (event.clientX - box.left) / box.width);
  });

  // Media events do not bubble; they are caught on their way down.
  list.addEventListener("play", (event) => {
    const sound = event.target as HTMLAudioElement;
    const playhead = sound.closest(".card")?.querySelector<HTMLElement>(".playhead");
    const follow = () => {
      if (!playhead) return;
      playhead.style.left = `${100 * sound.currentTime / (sound.duration || 1)}%`;
      playhead.style.visibility = sound.paused ? "hidden" : "visible";
      if (!sound.paused) requestAnimationFrame(follow);
    };
    follow();
  }, true);

  timeline?.addEventListener("drawn", () => {
    timeline.on?.("plotly_click", (event) => {
      const data = event.points[0]?.customdata;
      const id = Array.isArray(data) ? Number(data[0]) : NaN;
      if (Number.isNaN(id)) return;
      const card = document.getElementById(id < 0 ? `missed-${-id}` : `event-${id + 1}`);
      if (card?.classList.contains("hidden")) return;
      select(card ?? undefined, true);
    });
  });
  // A player reads its sound when it comes into view: hundreds at once would be too many for a browser.
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      (target as HTMLAudioElement).preload = "metadata";
    }
  });
  for (const sound of list.querySelectorAll("audio")) seen.observe(sound);
  tellStatus();
}
