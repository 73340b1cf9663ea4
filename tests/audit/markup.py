"""The Nu validator over many pages, with one start of Java."""

import json
import subprocess
import tempfile
from pathlib import Path

from tests.audit.programs import PACKAGES

VALIDATOR = PACKAGES / "vnu-jar/build/dist/vnu.jar"


def faults(pages):
    """Validate pages.

    Args:
        pages: {name: HTML}.

    Returns:
        what the validator has against each, errors and warnings, as lines of text.
    """
    with tempfile.TemporaryDirectory(prefix="portal-markup-") as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            path = Path(folder, f"{number:03}.html")
            path.write_text(html, encoding="utf-8")
            names[path.name] = name
        command = ["java", "-Xss8m", "-jar", str(VALIDATOR), "--format", "json", "--exit-zero-always", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = json.loads(done.stderr)["messages"]
    return [told(message, names) for message in messages]


def told(message, names):
    name = names.get(message.get("url", "").rpartition("/")[2], "")
    kind = message.get("subType", message["type"])
    return f"{name}, line {message.get('lastLine')}: {kind}: {message['message']} {message.get('extract', '')!r}"
