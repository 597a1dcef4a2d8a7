import assert from "node:assert/strict";
import { countTests } from "tasks/gate/junit.ts";

// As deno test 2.9.6 writes it.
const JUNIT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="0.113">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="0" failures="1">
        <testcase name="passes" classname="./a_test.ts" time="0.001" line="7" col="6">
        </testcase>
        <testcase name="needs &quot;x&quot; &lt;y&gt; &amp;amp;" classname="./a_test.ts" time="0.000" line="8" col="6">
            <skipped/>
        </testcase>
        <testcase name="fails" classname="./a_test.ts" time="0.001" line="9" col="6">
            <failure message="Uncaught Error: no">Error: no &lt;skipped/&gt;</failure>
        </testcase>
        <testcase name="fails &gt; step" classname="./a_test.ts" time="0.000" line="10" col="43">
        </testcase>
    </testsuite>
</testsuites>`;

Deno.test("countTests() counts what passed and failed and names what was skipped, but not what a filter left out", () => {
  assert.deepEqual(countTests(JUNIT), { passed: 2, failed: 1, skipped: ['needs "x" <y> &amp;'] });
  assert.deepEqual(countTests(JUNIT, "needs").skipped, ['needs "x" <y> &amp;']);
  assert.deepEqual(countTests(JUNIT, "fails").skipped, []);
  assert.deepEqual(countTests(JUNIT, "/^needs .x/").skipped, ['needs "x" <y> &amp;']);
  assert.deepEqual(countTests(JUNIT, "/^x/").skipped, []);
  assert.deepEqual(countTests(""), { passed: 0, failed: 0, skipped: [] });
});
