"""Where two sentences differ."""

from bs4 import BeautifulSoup


def parts(before, after):
    """Return the parts of two sentences that differ, with a word or two around them; long equal ends are left out.

    Args:
        before: a sentence in wagtail-localize's HTML.
        after: what became of it.
    """
    old, new = BeautifulSoup(before, "html.parser").get_text(), BeautifulSoup(after, "html.parser").get_text()
    old, new = old.split(), new.split()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return tuple(_excerpt(words, max(start - 2, 0), max(end - 2, 0)) for words in (old, new))


def _excerpt(words, start, end):
    shown = " ".join(words[start : len(words) - end])
    return f"{'… ' if start else ''}{shown}{' …' if end else ''}"
