import { getJson } from "lib/web/browser/api_client.ts";
import { byId } from "lib/web/browser/element.ts";
import type { ClipSource, LabelerConfig } from "lib/web/pages/api.ts";

const NAMES: Readonly<Record<ClipSource, string>> = {
  ledger: "the harvest, undecided",
  unconfirmed: "labels to confirm",
  found: "what was found",
  bot: "the bot",
  queue: "everything, most instructive first",
};

/** The list of where clips come from, with how many are left in each. */
export class ClipSources {
  readonly #select = byId("source", HTMLSelectElement);
  #chosen: ClipSource;

  /** @param onChoice Called when the person takes another one. */
  constructor(config: LabelerConfig, onChoice: (source: ClipSource) => void) {
    this.#chosen = config.source;
    this.#select.replaceChildren(
      ...config.sources.map(({ source, left }) =>
        new Option(describe(source, left), source, false, source === config.source)
      ),
    );
    this.#select.addEventListener("change", () => {
      this.#chosen = this.#select.value as ClipSource;
      this.#select.blur();
      onChoice(this.#chosen);
    });
    // A clip may be in several of them: they are counted anew when someone is about to look.
    for (const event of ["pointerenter", "focus"]) {
      this.#select.addEventListener(event, () => void this.#count().catch(() => undefined));
    }
  }

  get chosen(): ClipSource {
    return this.#chosen;
  }

  /** Shows how many clips are left where they come from now. */
  showLeft(left: number): void {
    this.#show(this.#chosen, left);
  }

  async #count(): Promise<void> {
    const { sources } = await getJson<LabelerConfig>("/api/config");
    // The page itself knows best of what it shows.
    for (const { source, left } of sources) if (source !== this.#chosen) this.#show(source, left);
  }

  #show(source: ClipSource, left: number): void {
    const option = [...this.#select.options].find(({ value }) => value === source);
    const text = describe(source, left);
    // Lists that are open close when they are written to for nothing.
    if (option && option.text !== text) option.text = text;
  }
}

function describe(source: ClipSource, left: number): string {
  return `${NAMES[source]} (${left.toLocaleString("en-US")})`;
}
