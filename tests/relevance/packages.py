"""Documentation in several languages, out of packages of the Debian mirror that this machine uses."""

import os
import shutil
import subprocess
from pathlib import Path

SECONDS = 300


class Unavailable(Exception):
    """The packages cannot be had here; the text says why."""


def unpacked(name):
    """Return the folder with a Debian package's files; it is fetched once and not installed.

    Args:
        name: of the package, such as ``manpages-fr``.

    Raises:
        Unavailable: there is no apt here, or its mirror does not answer.
    """
    folder = _cache() / name
    if not folder.exists():
        partial = folder.with_name(f"{name}.{os.getpid()}")
        shutil.rmtree(partial, ignore_errors=True)
        (partial / "package").mkdir(parents=True)
        _run("apt-get", "-o", "APT::Sandbox::User=", "download", name, folder=partial / "package")
        _run("dpkg-deb", "-x", *map(str, (partial / "package").glob("*.deb")), ".", folder=partial)
        shutil.rmtree(partial / "package")
        try:
            partial.rename(folder)
        except OSError:  # another process of the tests was first
            shutil.rmtree(partial)
    return folder


def _cache():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "portal-relevance"


def _run(program, *args, folder):
    path = shutil.which(program)
    if not path:
        raise Unavailable(f"{program} is not here: the texts come from Debian's packages")
    try:
        done = subprocess.run([path, *args], cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)
        said = done.stderr.strip()[-300:] if done.returncode else None
    except subprocess.TimeoutExpired:
        said = f"it took more than {SECONDS} s"
    if said is not None:
        shutil.rmtree(folder.parent if folder.name == "package" else folder, ignore_errors=True)
        raise Unavailable(f"{program} {' '.join(args)} failed: {said}")
