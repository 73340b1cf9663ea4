"""RSS, Atom and JSON Feed of the lists of news, with the whole text."""

import json
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape

from core import pictures, portable
from core.models import Image
from core.models.furniture import furniture_for
from delivery import references, sites
from delivery.page_cache import for_everybody
from news.models.article import ArticlePage

ITEMS = 20
CONTENT = "http://purl.org/rss/1.0/modules/content/"
SHARED_PICTURE = {"medium": "image", "type": "image/jpeg"}
MEDIA = "http://search.yahoo.com/mrss/"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class _Feed:
    """What Portal adds to Django's feeds, RSS and Atom alike: the date of an empty one, pictures, languages."""

    def add_item(self, *, description, **item):
        # Plain words, where readers take what they are given for HTML.
        super().add_item(description=escape(description), **item)

    def latest_post_date(self):
        # Django's own says "now" for a feed without items, which would never be unchanged.
        return max((item["updateddate"] for item in self.items), default=NEVER)

    def add_picture(self, handler, item):
        if picture := item["picture"]:
            handler.startElement("media:content", SHARED_PICTURE | {name: str(said) for name, said in picture.items()})
            if item["picture_alt"]:
                handler.addQuickElement("media:description", item["picture_alt"], {"type": "plain"})
            handler.endElement("media:content")


class RssFeed(_Feed, Rss201rev2Feed):
    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self):
        return super().rss_attributes() | {"xmlns:content": CONTENT, "xmlns:media": MEDIA}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content:encoded", item["content"])
        self.add_picture(handler, item)


class AtomFeed(_Feed, Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def root_attributes(self):
        return super().root_attributes() | {"xmlns:media": MEDIA}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["content"]:
            handler.addQuickElement("content", item["content"], {"type": "html"})
        self.add_picture(handler, item)


class JsonFeed:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), filled as Django's feeds are."""

    content_type = "application/feed+json; charset=utf-8"

    def __init__(self, title, link, description, language, feed_url, author_name):
        self.feed = {
            "version": JSON_VERSION,
            "title": title,
            "home_page_url": link,
            "feed_url": feed_url,
            "description": description,
            "language": language,
            "authors": [{"name": author_name}],
            "items": [],
        }

    def add_item(self, **item):
        entry = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["description"],
            "content_html": item["content"] or escape(item["description"]),
            "image": item["picture"] and item["picture"]["url"],
            "date_published": item["pubdate"].isoformat(),
            "date_modified": item["updateddate"].isoformat(),
            "authors": [{"name": name} for name in item["authors"]],
            "tags": item["categories"],
            "language": self.feed["language"],
        }
        self.feed["items"].append({name: value for name, value in entry.items() if value})

    def writeString(self, encoding):
        return json.dumps(self.feed, ensure_ascii=False, indent=1)


FORMATS = {"feed": RssFeed, "atom": AtomFeed, "json": JsonFeed}


def answer(request, listed, form):
    """Answer with a feed.

    Args:
        request: the reader's request.
        listed: the ``NewsList``.
        form: feed (RSS 2.0), atom (Atom 1.0) or json (JSON Feed 1.1).
    """
    return for_everybody(HttpResponse(_made(listed, form), content_type=FORMATS[form].content_type))


def _made(listed, form):
    organisation = portable.printable(furniture_for(listed.language).words.organisation_name)
    made = FORMATS[form](
        title=f"{portable.printable(listed.heading)} – {organisation}",
        link=sites.absolute(listed.url),
        description=portable.printable(listed.description),
        language=listed.language,
        feed_url=sites.absolute(f"{listed.url}{form}/"),
        author_name=organisation,
    )
    for article in _articles([row.pk for row in listed.newest(ITEMS)]):
        made.add_item(**_item(article, organisation))
    return made.writeString("utf-8")


def _articles(page_ids):
    """Return articles with all that their texts refer to, in the order of their ids, in a fixed number of queries."""
    pages = ArticlePage.objects.prefetch_related("article_topics", "article_authors").in_bulk(page_ids)
    articles = [pages[pk] for pk in page_ids if pk in pages]
    found = references.current()
    for article in articles:
        article.announce_text(found)
        found.want(Image, [article.social_image_id])
    return articles


def _item(article, organisation):
    address = sites.absolute(article.address)
    found = references.current()
    picture = found.get(Image, article.social_image_id) or found.get(Image, article.lead_image_id)
    is_lead = picture is not None and picture.pk == article.lead_image_id
    names = [portable.printable(author.name) for author in article.author_views]
    kinds = [article.kind_view] if article.kind_view else []
    return {
        "title": portable.printable(article.title),
        "link": address,
        "description": portable.printable(article.summary),
        "content": portable.printable(portable.html_of(article, address)),
        "pubdate": article.published_on,
        "updateddate": article.updated_on or article.published_on,
        "unique_id": f"{settings.PUBLIC_URL}/#{article.translation_key}-{article.language}",
        "unique_id_is_permalink": False,
        "authors": names,
        "author_name": ", ".join(names) or organisation,
        "categories": [portable.printable(term.name) for term in [*article.topic_views, *kinds]],
        "picture": pictures.shared(picture),
        "picture_alt": portable.printable(article.shown_image_alt) if is_lead else "",
    }
