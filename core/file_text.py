"""The text in a file that nobody vouches for: a program of its own, which ``core.extraction`` runs with limits.

``python file_text.py KIND MEGABYTES`` reads a file from its standard input and writes JSON: the text, and why
there is none. It knows nothing of Django and of the settings.
"""

import json
import logging
import re
import resource
import sys
import time
import unicodedata
import zipfile
from contextlib import suppress
from itertools import islice

import pypdf
from defusedxml.ElementTree import XMLParser

SECONDS = 60
MEGABYTES = 512
MAX_CHARACTERS = 200_000
MAX_PAGES = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 2_000
CHUNK = 64 * 1024
# NUL and its kin, which databases and browsers refuse, and halves of characters.
UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Letters of Hebrew, Arabic and their neighbours, without digits; runs of others among them, and of them among others.
RIGHT_TO_LEFT = r"\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
TURNED_BACK = re.compile(rf"[^\W{RIGHT_TO_LEFT}]+(?:[\s.,:/–-]+[^\W{RIGHT_TO_LEFT}]+)*")
TURNED = re.compile(rf"[{RIGHT_TO_LEFT}]+(?:\s+[{RIGHT_TO_LEFT}]+)*")
# The parts of an office file that a reader sees, in their order; not the comments, and not the notes for the speaker.
PARTS = {
    "docx": r"word/(document|footnotes|endnotes)\.xml",
    "odt": r"content\.xml",
    "pptx": r"ppt/slides/slide\d+\.xml",
    "xlsx": r"xl/(sharedStrings|worksheets/sheet\d+)\.xml",
}
OFFICE = {"words": {"t"}, "ends": {"p", "si", "is"}, "spaces": {"tab", "br", "cr"}}
OPEN_DOCUMENT = {"words": {"p", "h"}, "ends": {"p", "h"}, "spaces": {"s", "tab", "line-break"}}
# What was deleted or said about the text, and what stands in the file a second time for older programs.
LEFT_OUT = {"annotation", "tracked-changes", "del", "moveFrom", "Fallback"}


class Refused(Exception):
    """A file that is not read, and why."""


class Enough(Exception):
    """As much was read as is kept."""


class Text:
    """Lines of text, up to as many characters as are kept."""

    def __init__(self):
        self.lines = []
        self.room = MAX_CHARACTERS

    def add(self, written):
        for line in UNWANTED.sub("", written).splitlines():
            words = " ".join(line.split())[: self.room]
            if words:
                self.lines.append(words)
                self.room -= len(words) + 1
            if self.room <= 0:
                raise Enough

    def __str__(self):
        return "\n".join(self.lines)


class WordsOfXml:
    """A target of the XML parser that builds no tree and keeps a paragraph at a time."""

    def __init__(self, text, words, ends, spaces):
        self.text, self.words, self.ends, self.spaces = text, words, ends, spaces
        self.paragraph, self.inside, self.left_out = [], 0, 0

    def start(self, tag, _attributes):
        name = tag.rpartition("}")[2]
        self.left_out += name in LEFT_OUT
        self.inside += name in self.words
        if name in self.spaces:
            self.paragraph.append(" ")

    def data(self, written):
        if self.inside and not self.left_out:
            self.paragraph.append(written)

    def end(self, tag):
        name = tag.rpartition("}")[2]
        self.left_out -= name in LEFT_OUT
        self.inside -= name in self.words
        if name in self.ends:
            self.text.add("".join(self.paragraph).replace("\n", " "))
            self.paragraph.clear()


def read_office(file, kind, text):
    """Read a zip of XML; what it says of its sizes is checked first, what comes out of it while it does."""
    with zipfile.ZipFile(file) as archive:
        if any(part.flag_bits & 1 for part in archive.infolist()):
            raise Refused("encrypted")
        parts = sorted((part for part in archive.infolist() if re.fullmatch(PARTS[kind], part.filename)), key=_place)
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Refused("too large when unpacked")
        if not parts:
            raise Refused("not a file of this kind")
        rules = OPEN_DOCUMENT if kind == "odt" else OFFICE
        room = MAX_UNPACKED
        for part in parts:
            parser = XMLParser(target=WordsOfXml(text, **rules), forbid_dtd=True)
            with archive.open(part) as unpacked:
                while chunk := unpacked.read(CHUNK):
                    room -= len(chunk)
                    if room < 0:
                        raise Refused("too large when unpacked")
                    parser.feed(chunk)
            parser.close()


def _place(part):
    """Return where a part stands: the main text before the notes, slide 2 before slide 10."""
    number = re.search(r"(\d+)\.xml$", part.filename)
    return ("notes" in part.filename, int(number[1]) if number else 0, part.filename)


def read_pdf(file, kind, text):
    """Read a PDF page by page, for half of the time at most; a page that cannot be read leaves the others."""
    reader = pypdf.PdfReader(file)
    # Many are locked against changes only, and open without a password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused("encrypted")
    until = time.monotonic() + SECONDS / 2
    broken = None
    for page in islice(reader.pages, MAX_PAGES):
        try:
            written = _page_text(page)
        except MemoryError:
            raise
        except Exception as error:
            broken, written = error, ""
        text.add(written)
        if time.monotonic() > until:
            break
    if broken and not text.lines:
        raise broken


def _page_text(page):
    """Return the text of a page; where it has Arabic or Hebrew letters, from the order of glyphs on the paper.

    pypdf guesses that order from the drawing, in which fonts change within a word.
    """
    written = page.extract_text()
    if not re.search(f"[{RIGHT_TO_LEFT}]", written):
        return written
    return "\n".join(map(_as_read, page.extract_text(extraction_mode="layout").splitlines()))


def _as_read(line):
    """Return a line of glyphs, from left to right, in the order and the letters in which it is read."""
    to_right = re.findall(f"[{RIGHT_TO_LEFT}]", line)
    if len(to_right) * 2 > len(re.findall(r"[^\W\d]", line)):
        line = TURNED_BACK.sub(lambda run: run[0][::-1], line[::-1])
    else:
        line = TURNED.sub(lambda run: run[0][::-1], line)
    return unicodedata.normalize("NFKC", line)


def read_plain(file, kind, text):
    """Read text in UTF-8, in UTF-16 that says so, or in the letters of Western Europe."""
    # A character is at most four bytes; twice that for what is left out of it.
    data = file.read(MAX_CHARACTERS * 8)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text.add(data.decode("utf-16", "ignore"))
        return
    try:
        text.add(_without_half(data).decode("utf-8-sig"))
    except UnicodeDecodeError:
        text.add(data.decode("cp1252", "ignore"))


def _without_half(data):
    """Return bytes without a character that was cut in two at their end."""
    return re.sub(rb"[\xc0-\xff][\x80-\xbf]{0,2}\Z", b"", data) if len(data) == MAX_CHARACTERS * 8 else data


READERS = {"pdf": read_pdf, "txt": read_plain, "csv": read_plain} | dict.fromkeys(PARTS, read_office)


def answer(file, kind):
    """Return {"text", "reason"} of a file; the reason is empty where it could be read.

    Args:
        file: the open file, which can be sought.
        kind: a key of READERS.
    """
    text = Text()
    try:
        READERS[kind](file, kind, text)
    except Enough:
        pass
    except MemoryError:
        raise
    except Exception as error:
        # Broken files fail in as many ways as there are programs that write them.
        return {"text": "", "reason": str(error) if isinstance(error, Refused) else f"broken: {type(error).__name__}"}
    return {"text": str(text), "reason": ""}


def main(kind, megabytes):
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * 1024 * 1024,) * 2)
    # Whoever started this looks at the clock; here ends what outlives them.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    found = {"text": "", "reason": "needs too much memory"}
    with suppress(MemoryError):
        found = answer(sys.stdin.buffer, kind)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
