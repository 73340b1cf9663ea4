"""The articles that every site of the benchmarks shows: the same words, links, pictures and topics in each.

Nothing here knows of any site: each turns ``Text`` into pages of its own.
"""

import random
from dataclasses import dataclass
from functools import cache

from tests.bench.words import vocabulary

# So many different texts go round; the titles of the newest few tell their articles from all others.
TEXTS = 20
SECTIONS, PARAGRAPHS, WORDS = 5, 4, 50
PICTURES = ("Harbour", "Library", "Bridge", "Meadow", "Workshop", "Station")
PICTURE_SIZE = (1200, 800)
TOPICS = ("Policy", "Funding", "Openness", "Training", "Nations", "Ethics", "Software", "People", "Health", "Climate")
AUTHORS = ("Secretariat", "Working Group")
KIND = "Statement"
# In the titles of the newest articles and nowhere else: as many results in a large archive as in a small one.
RARE, RARE_ARTICLES = "zirconium", 20
# In every tenth text.
COMMON = "harbour"


@dataclass(frozen=True)
class Text:
    """What an article says.

    Attributes:
        title, summary: plain text.
        points: the key points, plain text.
        sections: (heading, paragraphs); a paragraph is (words before its link, words of the link, words after it),
            and only the first of a section has a link.
        quotation: (words, who said them).
        links: offsets to the articles that the sections link to, one for each section.
        pictures: numbers of the lead picture and of those in the body.
        topics: numbers of the topics, the most important first.
        author: number of the author.
    """

    title: str
    summary: str
    points: tuple
    sections: tuple
    quotation: tuple
    links: tuple
    pictures: tuple
    topics: tuple
    author: int


def text(number):
    """Return the ``Text`` of an article, 0 for the newest."""
    return _text(number if number < RARE_ARTICLES else TEXTS + number % TEXTS)


@cache
def _text(number):
    place = number % TEXTS
    dice = random.Random(f"article {place}")  # noqa: S311 - the same on every machine
    known, weights = vocabulary("en")

    def words(count):
        return dice.choices(known, weights, k=count)

    sections = tuple((_sentence(words(4)), _paragraphs(words, place)) for _section in range(SECTIONS))
    title = _sentence(words(7))
    return Text(
        title=f"{title} {RARE} {number}" if number < RARE_ARTICLES else title,
        summary=f"{_sentence(words(24))}.",
        points=tuple(_sentence(words(12)) for _point in range(3)),
        sections=sections,
        quotation=(f"{_sentence(words(30))}.", "Chair of the group"),
        links=tuple(range(1, SECTIONS + 1)),
        pictures=tuple((place + step) % len(PICTURES) for step in range(3)),
        topics=(0, 1 + place % 4, 5 + place % 5),
        author=place % len(AUTHORS),
    )


def _sentence(words):
    return " ".join(words).capitalize()


def _paragraphs(words, place):
    linked = words(WORDS)
    if place % 10 == 0:
        linked[0] = COMMON
    first = (_sentence(linked[:20]), " ".join(linked[20:24]), " ".join(linked[24:]))
    return (first, *((_sentence(words(WORDS)), "", "") for _paragraph in range(PARAGRAPHS - 1)))


def html(paragraphs, link):
    """Return paragraphs as rich text.

    Args:
        paragraphs: those of a section of a ``Text``.
        link: attributes of the one link, for example ``linktype="page" id="7"``.
    """
    shown = []
    for before, linked, after in paragraphs:
        inner = f"{before} <a {link}>{linked}</a> {after}" if linked else before
        shown.append(f"<p>{inner}.</p>")
    return "".join(shown)
