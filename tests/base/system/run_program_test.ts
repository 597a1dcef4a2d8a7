import assert from "node:assert/strict";
import { ProgramError, runProgram, runToEnd } from "lib/base/system/run_program.ts";

const deno = Deno.execPath();
const script = (code: string) => ["eval", "--no-config", code];
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const COPY = "await Deno.stdin.readable.pipeTo(Deno.stdout.writable);";
const FOREVER = "for (;;) await Deno.stdout.write(new Uint8Array(65536).fill(65));";

Deno.test("runToEnd() sends input and gives output unchanged", async () => {
  const input = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  const { stdout } = await runToEnd(deno, script(COPY), { stdin: input });
  assert.deepEqual(stdout, input);
  const stream = new Blob(["a", "b"]).stream();
  assert.equal(text((await runToEnd(deno, script(COPY), { stdin: stream })).stdout), "ab");
});

Deno.test("runToEnd() takes arguments as they are, without a shell", async () => {
  const args = ["$HOME", "a b", "; exit 3", "*"];
  const { stdout } = await runToEnd(deno, [...script("console.log(JSON.stringify(Deno.args))"), ...args]);
  assert.deepEqual(JSON.parse(text(stdout)), args);
});

Deno.test("runToEnd() throws the exit code and what the program said", async () => {
  await assert.rejects(
    runToEnd(deno, script('console.error("x".repeat(9000) + " bad file"); Deno.exit(4)')),
    (error) =>
      error instanceof ProgramError && error.code === 4 && error.stderrTail.trim().endsWith("bad file") &&
      error.stderrTail.length === 4000,
  );
});

Deno.test("runToEnd() of a program that is not there throws NotFound", async () => {
  await assert.rejects(runToEnd("/nowhere/program", []), Deno.errors.NotFound);
});

Deno.test("runProgram() is killed by leaving the loop over its output", async () => {
  const program = runProgram(deno, script(FOREVER));
  let received = 0;
  for await (const chunk of program.stdout) {
    received += chunk.length;
    if (received > 100_000) break;
  }
  assert.equal((await program.status).success, false);
});

Deno.test("runProgram() throws the signal's reason to its reader, and never looks like an ended program", async () => {
  const controller = new AbortController();
  const program = runProgram(deno, script(FOREVER), { signal: controller.signal });
  await assert.rejects(async () => {
    for await (const chunk of program.stdout) {
      if (chunk.length > 0) controller.abort(new Error("interrupted"));
    }
  }, /interrupted/);
  assert.equal((await program.status).success, false);
});

Deno.test("runProgram() does not wait for what a killed program has started", async () => {
  // The child holds both outputs of a parent that has gone by then.
  const child = `new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", "setInterval(() => {}, 1000)"], stdin: "null",
  }).spawn()`;
  const program = runProgram(deno, script(`console.log(${child}.pid); Deno.exit()`), { timeoutMs: 3000 });
  let pid = "";
  await assert.rejects(async () => {
    for await (const chunk of program.stdout) pid += text(chunk);
  }, { name: "TimeoutError" });
  assert.equal((await program.status).success, true);
  Deno.kill(Number(pid), "SIGKILL");
});

Deno.test("runProgram() throws a TimeoutError when time is over", async () => {
  const program = runProgram(deno, script(FOREVER), { timeoutMs: 1 });
  await assert.rejects(async () => {
    for await (const _ of program.stdout);
  }, { name: "TimeoutError" });
});

Deno.test("runProgram() kills the program when its input fails", async () => {
  const stdin = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error("connection lost"));
    },
  });
  await assert.rejects(runToEnd(deno, script(COPY), { stdin }), /connection lost/);
});

Deno.test("runToEnd() does not mind a program that leaves its input unread", async () => {
  const { stdout } = await runToEnd(deno, script('console.log("done")'), {
    stdin: new Uint8Array(10_000_000),
  });
  assert.equal(text(stdout).trim(), "done");
});
