"""The colours of ``tokens.css``, which an organisation changes to make Portal its own, for cards and mails."""

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.checks import Warning, register

# Portal's own, in place of what cannot be read.
COLOURS = {
    "paper": "#fffdf8",
    "ink": "#14202b",
    "soft": "#424f5a",
    "line": "#dedfd9",
    "accent": "#0b5a5a",
    "accent_ink": "#ffffff",
    "mark": "#c47f17",
}
# Comments, and rules for some readers only, such as those who want more contrast.
LEFT_OUT = re.compile(r"/\*.*?\*/|@[^{};]*\{(?:[^{}]|\{[^{}]*\})*\}", re.DOTALL)
PROPERTY = re.compile(r"--([\w-]+)\s*:\s*([^;}]+)")
COLOUR = re.compile(r"(?:light-dark\(\s*)?(#(?:[0-9a-f]{3}){1,2})\b", re.IGNORECASE)


def source():
    path = finders.find("portal/tokens.css")
    return Path(path).read_text(encoding="utf-8") if path else ""


def read():
    """Return {name: colour} of those that can be read, with an underscore for a hyphen.

    Where a colour is given twice, for light and dark, it is the first.
    """
    said = dict(PROPERTY.findall(LEFT_OUT.sub("", source())))
    found = {name: COLOUR.match(said.get(name.replace("_", "-"), "")) for name in COLOURS}
    return {name: match[1] for name, match in found.items() if match}


@cache
def colours():
    """Return {name: colour} of all ``COLOURS``, as ``#rgb`` or ``#rrggbb``."""
    return COLOURS | read()


@register("portal")
def unreadable_colours(app_configs, **kwargs):
    """Every colour of cards and mails is one that can be read: they are made where no browser is."""
    found = read()
    return [
        Warning(
            f"Cards and mails do not have the colour --{name}, which is not written as #rgb or #rrggbb.",
            hint="Write it so in tokens.css, by itself or first in light-dark().",
            id="portal.W002",
        )
        for name in (key.replace("_", "-") for key in COLOURS if key not in found)
    ]
