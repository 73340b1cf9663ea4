"""What `make run` does: settle the settings of this machine once, prepare the site, run it."""

import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def settle():
    """Write var/portal.env with a secret of its own, unless it is there; return host and port of this run."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    var = Path(os.environ.get("VAR_DIR", ROOT / "var"))
    var.mkdir(parents=True, exist_ok=True)
    note = var / "portal.env"
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    hosts = ",".join(dict.fromkeys([shown, "127.0.0.1", "localhost"]))
    address = f"http://{shown}:{port}"
    if not note.exists():
        note.touch(mode=0o600)
        note.write_text(f"SECRET_KEY={secrets.token_urlsafe(48)}\nALLOWED_HOSTS={hosts}\nPUBLIC_URL={address}\n")
    os.environ.setdefault("ALLOWED_HOSTS", hosts)
    os.environ.setdefault("PUBLIC_URL", address)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    return host, port


def main():
    host, port = settle()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    from django.core.management import execute_from_command_line

    demo = [] if os.environ.get("DEMO") == "0" else ["--demo"]
    execute_from_command_line(["manage.py", "prepare", "--admin", *demo])
    execute_from_command_line(["manage.py", "serve", "--host", host, "--port", port])


if __name__ == "__main__":
    main()
