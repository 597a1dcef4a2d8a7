import assert from "node:assert/strict";
import { createLogger, type LogLevel, redactSecrets } from "lib/base/system/logger.ts";

function linesAt(level: LogLevel): string[] {
  const lines: string[] = [];
  const logger = createLogger({ level, write: (line) => lines.push(line), redact: ["hunter22"] });
  logger.error("e");
  logger.warn("w");
  logger.info("i hunter22");
  logger.debug("d");
  return lines;
}

Deno.test("createLogger() drops lines above its level and given secrets", () => {
  assert.deepEqual(linesAt("silent"), []);
  assert.deepEqual(linesAt("warn"), ["error: e", "warning: w"]);
  assert.deepEqual(linesAt("debug"), ["error: e", "warning: w", "i ***", "debug: d"]);
});

Deno.test("redactSecrets() knows secrets by their form", () => {
  assert.equal(redactSecrets("PASS oauth:abcdef123456"), "PASS ***");
  assert.equal(redactSecrets("Authorization: Bearer abc.DEF-123"), "Authorization: Bearer ***");
  assert.equal(
    redactSecrets("https://x.test/v?sig=00ff&token=%7Ba%7D&t=12"),
    "https://x.test/v?sig=***&token=***&t=12",
  );
  assert.equal(redactSecrets('{"access_token":"abc","n":1}'), '{"access_token":"***","n":1}');
  assert.equal(redactSecrets("a burp at 12.4 s in v1234567890"), "a burp at 12.4 s in v1234567890");
});
