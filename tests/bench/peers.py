"""CodeRed CMS beside Portal: installed from the registry into an environment of its own, as its makers configure it.

Its project is what ``coderedcms start`` writes, with its production settings; the page cache is its own, and is
switched off for what is measured uncached by the setting that it has for that.
"""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass

from portal.management.commands.serve import on_port
from tests.bench import cases, places, servers
from tests.bench.measuring import Comparison, in_turn
from tests.run import ROOT
from tests.running import free_port

FOLDER = places.FOLDER / "peers"
PYTHON = FOLDER / "venv" / "bin" / "python"
PROJECT = FOLDER / "project"
# As its makers' production settings, for this host.
SETTINGS = """
from peer.settings.prod import *
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_ROOT = BASE_DIR / "static"
WAGTAIL_CACHE = {cache}
"""
PAGES = {"article": cases.ARTICLE, "index": "/news/", "search": "/search/?s=zirconium"}
OURS = {"article": cases.ARTICLE, "index": "/news/", "search": "/search/?q=zirconium"}


@dataclass(frozen=True)
class PeerPlace(places.Place):
    """A place whose processes run in the peer's environment and project."""

    @property
    def env(self):
        return super().env | {"PYTHONPATH": f"{PROJECT}{os.pathsep}{ROOT}"}


def peer(cache):
    """Return CodeRed's place, with its page cache or without."""
    return PeerPlace(FOLDER, f"peer.settings.{'cached' if cache else 'uncached'}", "peer.wsgi:application")


def prepare(count):
    """Install CodeRed, make its project and its articles, unless they are there."""
    stamp = FOLDER / f"made-{count}"
    if stamp.exists():
        return
    if not (FOLDER / "venv" / "bin" / "coderedcms").exists():
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER / "venv")], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "coderedcms", "granian"], check=True)
    shutil.rmtree(PROJECT, ignore_errors=True)
    PROJECT.mkdir(parents=True)
    start = [PYTHON.parent / "coderedcms", "start", "peer", PROJECT, "--sitename", "Peer", "--domain", "127.0.0.1"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
    for cache in (True, False):
        name = "cached" if cache else "uncached"
        (PROJECT / "peer" / "settings" / f"{name}.py").write_text(SETTINGS.format(cache=cache))
    places.run(["-m", "tests.bench.making", "tests.bench.peer_filling", str(count)], peer(False), "CodeRed CMS", PYTHON)
    stamp.touch()


def server(place):
    """Return its server: granian, which answers any WSGI application faster than ours does, with as many processes."""
    port = free_port()
    command = [str(PYTHON.parent / "granian"), "--interface", "wsgi", *on_port(port), "--workers", str(servers.WORKERS)]
    command += ["--runtime-mode", "mt", "--runtime-threads", "2", "--blocking-threads", "8", "--no-ws"]
    return servers.Server([*command, "--log-level", "warning", place.application], place.env, port)


def against_peers():
    """Pages of Portal against the same pages of CodeRed CMS, each uncached and with its own cache."""
    prepare(cases.SMALL)
    portal = places.portal(cases.SMALL)
    with ExitStack() as stack:
        measures = {}
        for cache in (False, True):
            ours = servers.python_server(portal.cached if cache else portal.application, portal.env)
            for side, started, pages in (("Portal", ours, OURS), ("peer", server(peer(cache)), PAGES)):
                running = stack.enter_context(started)
                for page, address in pages.items():
                    measures[side, cache, page] = cases.loader(running, address, None, cases.FEW)
        loads = in_turn(measures, cases.ROUNDS)
    rows = []
    for cache in (False, True):
        for page in PAGES:
            ours, theirs = ([load.rate for load in loads[side, cache, page]] for side in ("Portal", "peer"))
            rows.append(Comparison(f"{page}, {'cached' if cache else 'uncached'}, rate", ours, theirs, **cases.RATE))
    return cases.Section(
        f"CodeRed CMS, {cases.SMALL:,} articles",
        "Portal",
        "CodeRed CMS",
        rows,
        [
            "Each with its own page cache and without; CodeRed's is wagtail-cache over files, as its makers set it up.",
            "CodeRed's server is granian, which answers for any application faster than Portal's does.",
        ],
        rates={
            f"CodeRed CMS, {name}": max(load.rate for load in loads["peer", cache, "article"])
            for cache, name in ((True, "cached"), (False, "uncached"))
        },
    )
