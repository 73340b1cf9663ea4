"""The words in the HTML of a mail, in lines as its reader sees them.

By expressions that go through a text once: it comes from anybody, and over some of it the parsers of Python spend
minutes, or end in a ``RecursionError``.
"""

import re
from html import unescape

LONGEST_HTML = 2_000_000
NOT_SHOWN = re.compile(r"<!--.*?(?:-->|\Z)|<(style|script|title)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
PREFORMATTED = re.compile(r"<pre\b.*?(?:</pre|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[/!?]?([a-z][^\s<>/]*|\[)[^<>]*>", re.IGNORECASE)
PARAGRAPHS = frozenset({"blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"})
BLOCKS = PARAGRAPHS | {"address", "article", "aside", "body", "center", "dd", "div", "dt", "footer", "form", "header"}
BLOCKS |= {"html", "li", "main", "nav", "section", "td", "th", "tr"}
BETWEEN_LINES = re.compile(r" ?(?:<(?:p|b|br)> ?)+")
EMPTY_LINES = re.compile(r"\n{3,}")


def words_of(html):
    """Return HTML as plain text: a blank line between paragraphs, and what is written in columns below each other."""
    shown = NOT_SHOWN.sub("", html[:LONGEST_HTML])
    shown = PREFORMATTED.sub(lambda found: found[0].replace("\n", "<br>"), shown)
    shown = TAG.sub(_in_short, " ".join(shown.split()))
    lines = unescape(BETWEEN_LINES.sub(_line_ends, shown)).split("\n")
    return EMPTY_LINES.sub("\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


def _in_short(tag):
    """Return what a tag does to the lines: ``<p>`` before a paragraph, ``<b>`` before a line, ``<br>`` for its end."""
    name = tag[1].lower()
    if name in PARAGRAPHS:
        return "<p>"
    return "<br>" if name == "br" else "<b>" if name in BLOCKS else ""


def _line_ends(tags):
    found = tags[0]
    return "\n" * (found.count("<br>") + (2 if "<p>" in found else 1 if "<b>" in found else 0))
