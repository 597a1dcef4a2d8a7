/**
 * Runs `find` with the arguments of this process and prints, as JSON, its exit code and the most memory that the process
 * held meanwhile, in bytes. A program of its own: memory that earlier work has left would hide growth.
 */
import { runCommand } from "tasks/command.ts";
import { systemHost } from "tasks/command/host.ts";
import { find } from "tasks/find.ts";

let most = 0;
const look = () => void (most = Math.max(most, Deno.memoryUsage().rss));
const timer = setInterval(look, 20);
const code = await runCommand(find, { ...systemHost(), write: () => true });
clearInterval(timer);
look();
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify({ code, most })}\n`));
