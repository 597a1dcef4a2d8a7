import { BIG_NUDGE_SECONDS, type ClipStage, NUDGE_SECONDS } from "lib/web/browser/clip_stage.ts";
import type { KeyCommand } from "lib/web/browser/key_commands.ts";

/** The keys that work on the clip that is shown. */
export function clipStageCommands(stage: ClipStage): KeyCommand[] {
  const nudge = (steps: number, size: number) => () => stage.nudge(steps * size);
  return [
    { keys: [" "], does: "Play the clip again from its start", run: () => stage.playFrom(0) },
    { keys: ["v"], does: "Play only the marked part", run: () => stage.playPart() },
    { keys: ["l"], does: "Loop the marked part, or not", run: () => stage.toggleLoop() },
    {
      keys: ["ArrowLeft"],
      does: "Move the boundary 10 ms earlier",
      repeats: true,
      run: nudge(-1, NUDGE_SECONDS),
    },
    {
      keys: ["ArrowRight"],
      does: "Move the boundary 10 ms later",
      repeats: true,
      run: nudge(1, NUDGE_SECONDS),
    },
    {
      keys: ["Shift+ArrowLeft"],
      does: "Move the boundary 100 ms earlier",
      repeats: true,
      run: nudge(-1, BIG_NUDGE_SECONDS),
    },
    {
      keys: ["Shift+ArrowRight"],
      does: "Move the boundary 100 ms later",
      repeats: true,
      run: nudge(1, BIG_NUDGE_SECONDS),
    },
    {
      keys: ["ArrowUp", "ArrowDown"],
      does: "Move the other boundary: start or end",
      run: () => stage.chooseOther(),
    },
    { keys: ["r"], does: "Put the boundaries back", run: () => stage.resetBounds() },
  ];
}
