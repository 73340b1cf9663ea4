"""An SQLite database that has been through all migrations: made once, kept, and copied to whoever begins with one."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "migrated"
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "SECRET_KEY": "only-for-migrations",
    "ALLOWED_HOSTS": "localhost",
    "PUBLIC_URL": "http://localhost",
}


def copy(path):
    """Write a migrated database to a path, and make it first where none is kept.

    Raises:
        RuntimeError: a migration failed; the message is what it said.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    made = KEPT / f"{version()}.sqlite3"
    with open(KEPT / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for former in KEPT.glob("*.sqlite3"):
                former.unlink()
            make(made)
        shutil.copyfile(made, path)


def version():
    """Return a hash of all that the migrations depend on."""
    said = {name: os.environ.get(name) for name in ("LANGUAGES", "TIME_ZONE")}
    digest = hashlib.sha256(f"{sys.version} {said}".encode())
    for path in [ROOT / "requirements.txt", ROOT / "delivery/indexes.py", *sorted(ROOT.glob("*/migrations/*.py"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def make(path):
    with tempfile.TemporaryDirectory(prefix="portal-migrated-") as folder:
        database = Path(folder, "portal.sqlite3")
        env = os.environ | ENVIRONMENT | {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{database}"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if run.returncode:
            raise RuntimeError(run.stderr)
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", [str(path.with_suffix(".new"))])
    path.with_suffix(".new").rename(path)
