"""What leaves for a spreadsheet: words that somebody typed must not be computed there."""

from core.portable import printable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain(value):
    """Return a value as a spreadsheet shows it instead of computing it, without signs that no file of one may hold."""
    text = printable(str(value))
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text
