"""An article as a reference: BibTeX and RIS, because researchers quote statements.

Sources: https://www.bibtex.com/e/misc-entry/ and the RIS specification of Research Information Systems
(https://en.wikipedia.org/wiki/RIS_(file_format)).
"""

import re
import unicodedata

from django.utils import timezone

from core.models.furniture import furniture_for
from delivery import sites

BIBTEX_SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def bibtex(page):
    """Return an article as a BibTeX entry; words are braced, so that their capitals stay."""
    day = timezone.localtime(page.published_on)
    organisation = _line(furniture_for(page.language).words.organisation_name)
    names = [_line(author.name) for author in page.author_views] or [organisation]
    address = sites.absolute(page.address)
    fields = {
        "author": " and ".join(f"{{{_braced(name)}}}" for name in names),
        "title": f"{{{_braced(_line(page.title))}}}",
        "publisher": f"{{{_braced(organisation)}}}",
        "year": str(day.year),
        "month": MONTHS[day.month - 1],
        "day": str(day.day),
        "langid": page.language,
        "howpublished": rf"\url{{{address}}}",
        "url": address,
    }
    # The name of a month is a macro of BibTeX, which braces would make a word.
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{_key(names[0], day.year, page.slug)},", *lines, "}", ""])


def ris(page):
    """Return an article as a RIS record of a web page."""
    day = timezone.localtime(page.published_on)
    organisation = furniture_for(page.language).words.organisation_name
    fields = [
        ("TY", "ELEC"),
        ("TI", page.title),
        *(("AU", author.name) for author in page.author_views),
        ("PB", organisation),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}"),
        ("AB", page.summary),
        *(("KW", topic.name) for topic in page.topic_views),
        ("LA", page.language),
        ("UR", sites.absolute(page.address)),
        ("ER", ""),
    ]
    if not page.author_views:
        fields.insert(2, ("AU", organisation))
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields)


def _line(text):
    """Return words on one line, without characters that no reference manager expects."""
    return " ".join("".join(_kept(char) for char in text).split())


def _kept(char):
    """Return a character, nothing for what only joins or directs others, or a space for what is no character."""
    if unicodedata.category(char) == "Cf":
        return ""
    return char if char.isprintable() else " "


def _braced(text):
    return "".join(BIBTEX_SIGNS.get(char, char) for char in text)


def _key(name, year, slug):
    """Return a key in plain letters, as BibTeX wants it."""
    words = re.findall(
        r"[a-z0-9]+", unicodedata.normalize("NFKD", f"{name} {slug}").encode("ascii", "ignore").decode().lower()
    )
    return f"{(words or ['article'])[0]}{year}{'-'.join(words[1:4])}"
