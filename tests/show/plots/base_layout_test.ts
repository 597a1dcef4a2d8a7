import assert from "node:assert/strict";
import { withoutHint } from "lib/show/plots/base_layout.ts";
import { exampleFigures } from "tests/show/plots/example_figures.ts";

Deno.test("withoutHint() leaves no figure with advice that a picture cannot follow", async () => {
  let hints = 0;
  for (const [name, { layout }] of Object.entries(await exampleFigures())) {
    const advice = /\b(drag|click|hover|zoom)\b/i;
    hints += Number(advice.test(layout.title.subtitle?.text ?? ""));
    const still = withoutHint(layout).title;
    assert.doesNotMatch(still.subtitle?.text ?? "", advice, name);
    assert.equal(still.text, layout.title.text);
  }
  assert.ok(hints >= 3, "figures that are alive have hints");
});
