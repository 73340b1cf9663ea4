"""What is read from left to right inside text that runs from right to left.

The groups of a telephone number change places there, because a space does not hold digits together: 0113 496 0132
would be shown, and dialled, as 0132 496 0113 (Unicode Standard Annex 9, rules W1 to N2).
"""

import re

from django.utils.translation import get_language_bidi

TAG = re.compile(r"(<[^>]*>)")
# Begins with + or 0 and goes on in groups; no part of a word, a date, a time or a larger number.
NUMBER = re.compile(r"(?<![\w#&/:.,-])(?:\+|\(?0)[\d()]*(?:[ \u00a0.-][\d()]+)*(?<=\d)(?![\w/:]|[.,-]\d)")
DIGITS = range(7, 18)
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def with_numbers_apart(html):
    """Return HTML in which telephone numbers keep their order, in a language that runs from right to left.

    Args:
        html: safe HTML; only the text between its tags is changed.
    """
    if not get_language_bidi():
        return html
    parts = TAG.split(html)
    parts[::2] = [NUMBER.sub(_isolated, text) for text in parts[::2]]
    return "".join(parts)


def _isolated(match):
    is_number = sum(letter.isdigit() for letter in match[0]) in DIGITS
    return f'<bdi dir="ltr">{match[0]}</bdi>' if is_number else match[0]


def apart(text):
    """Return a text that the direction of the sentence around it does not touch, nor the other way round."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text and get_language_bidi() else text
