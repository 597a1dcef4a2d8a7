"""JupyterLab, which ends with its kernels when its standard input ends: it would outlive whoever started it otherwise."""

import os
import signal
import sys
import threading

from jupyterlab.labapp import main

if os.name == "posix":
    # A session of its own: Ctrl+C in the terminal is for who started it, and comes from there in its own time.
    os.setsid()

# What it logs, and what its kernels print, is one stream.
os.dup2(1, 2)


def end_with_input():
    # Not through sys.stdin, whose lock Python wants to have when it ends: it would abort.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_input, daemon=True).start()
sys.exit(main())
