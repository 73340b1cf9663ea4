"""What `make run` does: settle the settings of this machine once, prepare the site, run it."""

import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"


def settle():
    """Write portal.env with a secret of its own, unless it is there; return the host and port to listen on.

    A HOST or PORT given with the command is for this run; otherwise the file says what was settled first, and
    an operator may change it there.
    """
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    os.environ["VAR_DIR"] = str(var)
    var.mkdir(parents=True, exist_ok=True)
    note = var / "portal.env"
    settled = read(note)
    host = os.environ.get("HOST") or settled.get("HOST", LOOPBACK)
    port = os.environ.get("PORT") or settled.get("PORT", "8000")
    if settled and not (os.environ.get("HOST") or os.environ.get("PORT")):
        return host, port
    shown = LOOPBACK if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    hosts = ",".join(dict.fromkeys([shown, LOOPBACK, "localhost"]))
    address = {"HOST": host, "PORT": port, "ALLOWED_HOSTS": hosts, "PUBLIC_URL": f"http://{shown}:{port}"}
    if not settled:
        note.touch(mode=0o600)
        allowed = {name: os.environ[name] for name in ("ALLOW_HTTP",) if os.environ.get(name)}
        lines = {"SECRET_KEY": secrets.token_urlsafe(48)} | address | allowed
        note.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    for name, value in address.items():
        os.environ.setdefault(name, value)
    return host, port


def read(note):
    """Return the settings in a file of NAME=value or NAME='value' lines; empty where there is none."""
    lines = note.read_text().splitlines() if note.exists() else []
    return {name: value.strip("'") for name, found, value in (line.partition("=") for line in lines) if found}


def main():
    host, port = settle()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    from django.core.management import execute_from_command_line

    demo = [] if os.environ.get("DEMO") == "0" else ["--demo"]
    execute_from_command_line(["manage.py", "prepare", "--admin", *demo])
    execute_from_command_line(["manage.py", "serve", "--host", host, "--port", port])


if __name__ == "__main__":
    main()
