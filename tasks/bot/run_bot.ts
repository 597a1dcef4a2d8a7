import process from "node:process";
import { DEFAULT_LIMITS, type SendLimits } from "lib/work/bot/send_limits.ts";
import { type CommandContext, UsageError } from "tasks/command.ts";
import type { BOT_OPTIONS } from "tasks/bot/options.ts";
import { type PreparedHearing, prepareHearing } from "tasks/bot/prepare_hearing.ts";

/** The options of `bot` and what came of them. */
export interface BotRun {
  readonly context: CommandContext<typeof BOT_OPTIONS>;
  readonly hearing: PreparedHearing;
  readonly command: string;
  readonly announcement: string | undefined;
  readonly limits: SendLimits;
}

/** Runs a bot, or a replay of one. */
export async function runBot(context: CommandContext<typeof BOT_OPTIONS>): Promise<number> {
  const { options } = context;
  checkChoices(options);
  // Of no use to whoever runs the bot: a package inside tmi.js loads an old one that it then does not use.
  Object.assign(process, { noDeprecation: true });
  const hearing = await prepareHearing(options, context.signal);
  const { event, note } = hearing;
  if (note !== undefined) context.log.info(note);
  const run: BotRun = {
    context,
    hearing,
    command: options.command ?? `!${event}`,
    announcement: options.announce ? options.announcement ?? `[bot] detected ${event}` : undefined,
    limits: {
      ...DEFAULT_LIMITS,
      cooldownMs: options.cooldown * 1000,
      humanMs: options.human * 1000,
      expiryMs: options.maxAge * 1000,
      hourlyBudget: options.budget,
    },
  };
  if (options.replay !== undefined) {
    const { runReplay } = await import("tasks/bot/run_replay.ts");
    return await runReplay(run, options.replay);
  }
  const { runLive } = await import("tasks/bot/run_live.ts");
  return await runLive(run);
}

function checkChoices(options: CommandContext<typeof BOT_OPTIONS>["options"]): void {
  if (options.replay === undefined) {
    if (options.channel === undefined && options.source === undefined) {
      throw new UsageError("give a --channel to listen to, or a recording to --replay");
    }
    if (options.live && options.channel === undefined) {
      throw new UsageError("--live needs the --channel whose chat is spoken in");
    }
    const unused = (["chat", "annotations", "speed", "report", "track"] as const).find((name) =>
      options[name] !== undefined
    );
    if (unused) throw new UsageError(`--${unused} belongs to --replay`);
    return;
  }
  if (options.live) throw new UsageError("--replay says nothing to anybody: leave --live out");
  if (options.source !== undefined) throw new UsageError("--replay is a source: leave --source out");
}
