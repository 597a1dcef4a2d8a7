import { GATE_CHECKS } from "tasks/gate/gate.ts";
const check = GATE_CHECKS.find(({ name }) => name === "notebooks")!;
const problem = await check.run(new AbortController().signal);
console.log(problem || "notebooks ok");
Deno.exit(problem ? 1 : 0);
