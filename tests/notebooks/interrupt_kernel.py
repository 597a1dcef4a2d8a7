"""Interrupts a cell of the project's kernel twice, the second time before anything listens; prints what came of it."""

import json
import os
import sys
import time

from jupyter_client.manager import start_new_kernel

os.chdir(sys.argv[1])
manager, client = start_new_kernel(kernel_name="burp-finder", startup_timeout=120)
texts = []


def run(code, interrupt_at=None):
    def hook(message):
        if message["msg_type"] == "stream":
            texts.append(message["content"]["text"].strip())
            if texts[-1] == interrupt_at:
                manager.interrupt_kernel()

    return client.execute_interactive(code, timeout=120, output_hook=hook)["content"]["status"]


WAIT = """
await new Promise((resolve) => {
  const timer = setTimeout(() => resolve("late"), SECONDS * 1000);
  SIGNAL.addEventListener("abort", () => (clearTimeout(timer), resolve("")));
});
"""

statuses = [
    # Nothing listens yet: a kernel that SIGINT ends would be gone.
    run('await Deno.jupyter.broadcast("stream", { name: "stdout", text: "go" });\n'
        'await new Promise((resolve) => setTimeout(resolve, 500));', "go"),
    run('import { interruptSignal, showText } from "notebooks/display.ts";\n'
        'const signal = interruptSignal();\nawait showText("go on", );' + WAIT.replace("SIGNAL", "signal").replace("SECONDS", "60")
        + 'await showText(signal.aborted ? "interrupted" : "not interrupted");', "go on"),
    run('await showText("alive");'),
]
client.stop_channels()
manager.shutdown_kernel(now=True)
print(json.dumps({"statuses": statuses, "texts": texts}))
