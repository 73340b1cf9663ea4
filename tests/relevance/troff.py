"""Plain text of a manual page: the macros of man and mdoc taken off, nothing laid out."""

import re

COMMENT = re.compile(r'\\["#].*')
# Which request lines have words to read; the others only lay out.
WORDY = re.compile("[BIR]|[BIR][BIR]|S[MBS]|[ITH]P|TQ|UR|MT|URL|Cm|Ar|Fl|Pa|Nm|Xr|Op|Dq|Sq|Ql|It|Fa|Em|Ev|Ic")
CHARACTERS = {
    "aq": "'", "dq": '"', "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "bu": "•", "en": "–", "em": "—", "hy": "-",
    "ha": "^", "ti": "~", "at": "@", "rs": "\\", "co": "©", "ga": "`", "la": "<", "ra": ">", "sl": "/", "mc": "µ",
    "'e": "é", "+-": "±", "de": "°",
}  # fmt: skip
ESCAPES = (
    (re.compile(r"\\[fFmMgkn](?:\[[^\]]*\]|\(..|.)"), ""),
    (re.compile(r"\\s[-+]?(?:\(..|\d{1,2}|\[[^\]]*\])"), ""),
    (re.compile(r"\\[hvwlLoDNzXYZ]'[^']*'"), ""),
    (re.compile(r"\\\*(?:\[[^\]]*\]|\(..|.)"), ""),
    (re.compile(r"\\(?:\[([^\]]*)\]|\((..))"), lambda found: CHARACTERS.get(found[1] or found[2], " ")),
    (re.compile(r"\\[ ~0]"), " "),
    (re.compile(r"\\-"), "-"),
    (re.compile(r"\\e"), "\\\\"),
    (re.compile(r"\\(?![\\])."), ""),
    (re.compile(r"\\\\"), "\\\\"),
)


def sections(source):
    """Return what stands under each heading of a manual page, as [(heading, text)]."""
    found, table_head = [], False
    for line in source.splitlines():
        request, text = _parts(line)
        if request == "TS" or table_head:
            # How the columns stand ends with a full stop.
            table_head = not text.rstrip().endswith(".") if table_head else True
        elif request in ("SH", "Sh"):
            found.append((text, []))
        elif found and request == "Nd":
            found[-1][1].append(f"- {text}")
        elif found and (not request or WORDY.fullmatch(request)):
            found[-1][1].append(text)
    return [(heading, " ".join(" ".join(lines).split())) for heading, lines in found]


def _parts(line):
    """Return the request that a line is, or "", and the words it has."""
    if line[:3] in ('.\\"', "'\\\"") or not line.strip():
        return "comment", ""
    request, text = "", line
    if line[0] in ".'" and (match := re.match(r"[.']\s*(\S+)\s*(.*)", line)):
        request, text = match[1], _arguments(match[1], COMMENT.sub("", match[2]))
    return request, _plain(text)


def _arguments(request, text):
    """Return the arguments in one piece where the request writes them so: `.BR open (2)` is open(2)."""
    words = [quoted or plain for quoted, plain in re.findall(r'"((?:[^"]|"")*)"|((?:\\ |\S)+)', text)]
    return ("" if request in {"BR", "RB", "IR", "RI", "BI", "IB"} else " ").join(words)


def _plain(text):
    if "\\" not in text:
        return text
    text = COMMENT.sub("", text)
    for pattern, replacement in ESCAPES:
        text = pattern.sub(replacement, text)
    return text.replace("T{", " ").replace("T}", " ")
