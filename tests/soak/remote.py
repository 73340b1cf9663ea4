"""Another process with the settings of a site, which calls what it is told: one line of JSON in, one out."""

import importlib
import json
import os
import subprocess
import sys
import threading
import traceback

from tests.running import ROOT


class Remote:
    """The functions of a module, called in a process of their own.

    Args:
        module: its name.
        env: the environment of that process.
        log: an open file for what it prints.
    """

    def __init__(self, module, env, log):
        command = [sys.executable, "-m", "tests.soak.remote", module]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        self.lock = threading.Lock()

    def __call__(self, name, /, *args, **named):
        """Return what a function returns.

        Raises:
            RuntimeError: with the traceback of what it raised there.
        """
        with self.lock:
            self.process.stdin.write(json.dumps([name, args, named]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The process ended while it did {name}")
        said = json.loads(line)
        if "error" in said:
            raise RuntimeError(f"{name}{args}{named}: {said['error']}")
        return said["result"]

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answer(module, line):
    name, args, named = json.loads(line)
    try:
        return {"result": getattr(module, name)(*args, **named)}
    except Exception:
        return {"error": traceback.format_exc()}


def main():
    # What is called may print; the answers go where nothing else goes.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import django

    django.setup()
    module = importlib.import_module(sys.argv[1])
    for line in sys.stdin:
        answers.write(json.dumps(answer(module, line)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
