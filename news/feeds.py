"""RSS and Atom of the lists of news."""

import re

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

from core.models.furniture import furniture_for

FORMATS = {"feed": Rss201rev2Feed, "atom": Atom1Feed}
ITEMS = 20
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def printable(text):
    """Return a text without the control characters that XML cannot hold."""
    return CONTROL.sub(" ", text)


def feed(request, kind, title, description, rows, language):
    """Return a feed of listing rows.

    Args:
        request: the reader's request, whose address is the feed's own.
        kind: feed (RSS 2.0) or atom (Atom 1.0).
        title, description: of the list.
        rows: ``ArticleListing`` rows, newest first.
        language: language code of the list.
    """
    organisation = furniture_for(language).words.organisation_name
    made = FORMATS[kind](
        title=printable(f"{title} – {organisation}"),
        link=f"{settings.PUBLIC_URL}{request.path.removesuffix(f'{kind}/')}",
        description=printable(description),
        language=language,
        feed_url=f"{settings.PUBLIC_URL}{request.path}",
        author_name=organisation,
    )
    for row in rows:
        address = f"{settings.PUBLIC_URL}{row.url}"
        made.add_item(
            title=printable(row.title),
            link=address,
            description=printable(row.summary),
            pubdate=row.published_on,
            updateddate=row.published_on,
            unique_id=f"{settings.PUBLIC_URL}/#{row.translation_key}-{language}",
            unique_id_is_permalink=False,
            categories=[printable(row.kind.name)] if row.kind else [],
        )
    return HttpResponse(made.writeString("utf-8"), content_type=made.content_type)
