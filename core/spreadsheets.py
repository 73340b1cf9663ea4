"""What leaves for a spreadsheet: words that somebody typed must not be computed there."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain(value):
    """Return a value as a spreadsheet shows it instead of computing it."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
