"""A process that answers requests for the benchmarks, and says how much processor time they took.

``python -m tests.bench.worker MODULE:APPLICATION`` reads orders from its input, one JSON object a line, and answers
each with one. A request goes straight to the WSGI application: no server, no socket, no client takes part.
"""

import gc
import io
import json
import sys
import time
from importlib import import_module

KEPT_OUTPUT = sys.stdout


def environ(path, headers):
    """Return what a server hands to a WSGI application for a GET."""
    path, _mark, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_USER_AGENT": "Mozilla/5.0",
        "HTTP_ACCEPT": "text/html",
        "HTTP_ACCEPT_LANGUAGE": "en",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }


def answer(application, prepared):
    """Return (status, body) of one request."""
    told = []
    parts = application(prepared, lambda status, headers, error=None: told.append(status))
    try:
        return told[0], b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()


def request(application, path, times=1, headers=None):
    """Return what some requests for a path cost: {"cpu", "elapsed": seconds of one, "status", "size": bytes}."""
    prepared = [environ(path, headers or {}) for _time in range(times)]
    cpu, elapsed = time.process_time(), time.perf_counter()
    for one in prepared:
        status, body = answer(application, one)
    cpu, elapsed = time.process_time() - cpu, time.perf_counter() - elapsed
    return {"cpu": cpu / times, "elapsed": elapsed / times, "status": status, "size": len(body)}


def call(name, **arguments):
    """Return what a function of another module says, given as ``module:function``."""
    module, function = name.split(":")
    return getattr(import_module(module), function)(**arguments)


def settle():
    """Leave what was loaded at the start out of every later collection, as a server that has run for a while."""
    gc.collect()
    gc.freeze()
    return {}


def main(name):
    # What the application prints is not an answer.
    sys.stdout = sys.stderr
    application = call_attribute(name)
    acts = {"request": lambda **given: request(application, **given), "call": call, "settle": settle}
    for line in sys.stdin:
        order = json.loads(line)
        said = acts[order.pop("act")](**order)
        print(json.dumps(said), file=KEPT_OUTPUT, flush=True)


def call_attribute(name):
    module, attribute = name.split(":")
    return getattr(import_module(module), attribute)


if __name__ == "__main__":
    main(sys.argv[1])
