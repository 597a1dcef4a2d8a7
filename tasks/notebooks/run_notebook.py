"""Runs a notebook in the kernel that it names: SOURCE, TARGET (with the outputs, also where a cell fails), SECONDS a cell.

The file NOTEBOOKS_RECEIPTS grows by a byte with every output that arrives, for notebooks/display.ts to wait for.
Prints a line of JSON for each cell: its number among all cells, from 1, and its seconds.
When its standard input ends, so does the kernel, at once: a kernel outlives whoever started it otherwise.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

source, target, seconds = sys.argv[1:4]
notebook = nbformat.read(source, as_version=4)
started = {}


def on_start(cell, cell_index):
    started[cell_index] = time.monotonic()


def on_executed(cell, cell_index, execute_reply):
    line = {"cell": cell_index + 1, "seconds": time.monotonic() - started[cell_index]}
    print(json.dumps(line), flush=True)


class Client(NotebookClient):
    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"] in ("display_data", "update_display_data", "stream"):
            receipts.write(b".")
        return super().process_message(msg, cell, cell_index)


receipts = open(os.environ["NOTEBOOKS_RECEIPTS"], "wb", buffering=0)
client = Client(
    notebook,
    timeout=int(seconds),
    startup_timeout=120,
    # A cell's outputs may come after its reply; by default they are dropped after 4 s without a word.
    iopub_timeout=60,
    raise_on_iopub_timeout=True,
    resources={"metadata": {"path": os.path.dirname(os.path.abspath(source))}},
    on_cell_start=on_start,
    on_cell_executed=on_executed,
)


def end_with_input():
    # Not through sys.stdin, whose lock Python wants to have when it ends.
    while os.read(0, 4096):
        pass
    kernel = getattr(getattr(client.km, "provisioner", None), "process", None)
    if kernel is not None:
        try:
            # It leads a group of its own, with the programs that it runs.
            os.killpg(kernel.pid, signal.SIGKILL) if os.name == "posix" else kernel.kill()
            kernel.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
    os._exit(1)


threading.Thread(target=end_with_input, daemon=True).start()
try:
    client.execute()
except CellTimeoutError:
    sys.exit(f"cell {max(started) + 1} took longer than {seconds} s")
except DeadKernelError:
    sys.exit(f"the kernel died in cell {max(started) + 1}")
except CellExecutionError as error:
    sys.exit(f"cell {max(started) + 1} failed: {error.ename}: {error.evalue}")
finally:
    nbformat.write(notebook, target)
