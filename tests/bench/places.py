"""Where the sites of the benchmarks live: each with its data in a folder that is kept between runs.

A folder is made again when anything changed that its data depends on: a migration, the locked requirements, or what
writes the data.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests import migrated
from tests.run import ROOT

FOLDER = Path(os.environ.get("BENCH_DIR", ROOT / "var" / "bench"))
WRITERS = {
    "portal": ["delivery/indexes.py", "tests/bench/archive.py", "tests/bench/content.py", "tests/bench/words.py"],
    "twin": ["tests/bench/twin", "tests/bench/content.py", "tests/bench/words.py"],
}
BAR = 40
IS_QUICK = bool(os.environ.get("BENCH_QUICK"))


@dataclass(frozen=True)
class Place:
    """A site with its data.

    Attributes:
        folder: where its data is.
        settings: its settings module.
        application: its WSGI application without any page cache, as ``module:name``.
        cached: the same as its makers run it, or None.
    """

    folder: Path
    settings: str
    application: str
    cached: str | None = None

    @property
    def env(self):
        """The environment of its processes: nothing of ours but what is said here."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "PYTHONPATH": str(ROOT),
            "VAR_DIR": str(self.folder),
            "BENCH_STATIC": "" if IS_QUICK else str(FOLDER / "static"),
            "SECRET_KEY": "only-for-measurements",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "PUBLIC_URL": "http://127.0.0.1",
        }


def portal(count):
    """Return Portal with some articles; see ``prepare``."""
    folder = FOLDER / f"portal-{count}"
    return Place(folder, "tests.bench.portal_settings", "tests.bench.applications:uncached", "portal.wsgi:application")


def twin(count):
    """Return the twin with some articles; see ``prepare``."""
    return Place(FOLDER / f"twin-{count}", "tests.bench.twin.settings", "tests.bench.twin.wsgi:application")


def prepare(place, name, count):
    """Make the data of a place, unless it is there and was made by what would make it now.

    Args:
        place: the ``Place``.
        name: ``portal`` or ``twin``.
        count: how many articles.

    Raises:
        RuntimeError: its process failed; the message is what that said last.
    """
    stamp, version = place.folder / "version", _version(name)
    if stamp.exists() and stamp.read_text() == version:
        return
    shutil.rmtree(place.folder, ignore_errors=True)
    place.folder.mkdir(parents=True)
    if name == "portal":
        migrated.copy(place.folder / "portal.sqlite3")
    module = "tests.bench.archive" if name == "portal" else "tests.bench.twin.filling"
    run(["-m", "tests.bench.making", module, str(count)], place, f"{name}, {count:,} articles")
    stamp.write_text(version)


def prepare_static(place):
    """Collect the static files that all of Portal's places share; see ``prepare`` for the errors."""
    files = [path for path in sorted((ROOT / "static").rglob("*")) if path.is_file()]
    version = _hash([ROOT / "requirements.txt", *files])
    stamp = FOLDER / "static.version"
    if IS_QUICK or (stamp.exists() and stamp.read_text() == version):
        return
    place.folder.mkdir(parents=True, exist_ok=True)
    run(["manage.py", "collectstatic", "--no-input", "--clear"], place, "static files")
    stamp.write_text(version)


def run(arguments, place, what, python=sys.executable):
    """Run Python for a place, drawing a bar of what it says is done.

    Raises:
        RuntimeError: it failed.
    """
    began = time.monotonic()
    with open(place.folder / "log", "w+") as log:
        command = [str(python), *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=place.env, stdout=subprocess.PIPE, stderr=log, text=True)
        for line in process.stdout:
            _show(what, line, began)
        print(file=sys.stderr)
        if process.wait():
            log.seek(0)
            raise RuntimeError(f"Not made: {what}\n{log.read()[-3000:]}")


def _show(what, line, began):
    """Draw the bar for a line that says which share is done; what else is said is not shown."""
    share = line.split()[0] if line.split() else ""
    if share.replace(".", "").isdigit():
        filled = round(BAR * min(1, float(share)))
        spent = time.monotonic() - began
        print(f"\r{'#' * filled:{BAR}} {what}, {spent:.0f} s", end="", file=sys.stderr, flush=True)


def _version(name):
    """Return a hash of all that the data depends on."""
    paths = [ROOT / path for path in ["requirements.txt", *WRITERS[name]]]
    return _hash([*paths, *sorted(ROOT.glob("*/migrations/*.py"))])


def _hash(paths):
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()
