"""What `make run` does: settle the settings of this machine once, prepare the site, run it."""

import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOOPBACK = "127.0.0.1"


def settle():
    """Return the host and port to listen on, with what the site needs besides in the environment.

    A HOST or PORT given with the command is for this run; otherwise portal.env says what was settled first, and
    an operator may change it there. It is written, with a secret of its own, once the settings have taken what it
    says, so that nothing is settled that Portal refuses.
    """
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    os.environ["VAR_DIR"] = str(var)
    var.mkdir(parents=True, exist_ok=True)
    note = var / "portal.env"
    settled = read(note)
    host = os.environ.get("HOST") or settled.get("HOST", LOOPBACK)
    port = os.environ.get("PORT") or settled.get("PORT", "8000")
    allowed = {"ALLOW_HTTP": os.environ["ALLOW_HTTP"]} if os.environ.get("ALLOW_HTTP") else {}
    chosen = {} if settled else {"SECRET_KEY": secrets.token_urlsafe(48)}
    if not settled or os.environ.get("HOST") or os.environ.get("PORT"):
        chosen |= address(host, port)
    os.environ |= {name: value for name, value in chosen.items() if not os.environ.get(name)}
    load_settings()
    keep(note, allowed if settled else chosen | allowed)
    return host, port


def address(host, port):
    """Return the settings of a site that listens on a host and port."""
    shown = LOOPBACK if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    shown = f"[{shown}]" if ":" in shown else shown
    hosts = ",".join(dict.fromkeys([shown, LOOPBACK, "localhost"]))
    return {"HOST": host, "PORT": port, "ALLOWED_HOSTS": hosts, "PUBLIC_URL": f"http://{shown}:{port}"}


def load_settings():
    """Load Portal's settings, or end with what they complain of."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    sys.path.insert(0, str(ROOT))
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        sys.exit(str(error))


def keep(note, lines):
    """Add to a file of settings what it does not say yet."""
    said = read(note)
    added = "".join(f"{name}={value}\n" for name, value in lines.items() if name not in said)
    if added:
        note.touch(mode=0o600)
        with note.open("a") as file:
            # An operator may have left its last line without an end.
            file.write(f"\n{added}" if said else added)


def read(note):
    """Return the settings in a file of NAME=value or NAME='value' lines; empty where there is none."""
    lines = note.read_text().splitlines() if note.exists() else []
    return {name: value.strip("'") for name, found, value in (line.partition("=") for line in lines) if found}


def main():
    host, port = settle()
    os.chdir(ROOT)
    from django.core.management import execute_from_command_line

    demo = [] if os.environ.get("DEMO") == "0" else ["--demo"]
    execute_from_command_line(["manage.py", "prepare", "--admin", *demo])
    execute_from_command_line(["manage.py", "serve", "--host", host, "--port", port])


if __name__ == "__main__":
    main()
