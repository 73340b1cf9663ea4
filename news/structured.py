"""An article in the words of schema.org."""

from core import pictures, structured
from core.models import Image
from delivery import alternates, references, sites


def news_article(page, address, organisation):
    """Return an article as a NewsArticle.

    Args:
        page: the ``ArticlePage``.
        address: its full address.
        organisation: the publisher's name.
    """
    found = references.current()
    images = [found.get(Image, pk) for pk in (page.social_image_id, page.lead_image_id)]
    shared = [picture["url"] for image in images if (picture := pictures.shared(image))] or [page.title_card_url]
    kinds = [page.kind_view.name] if page.kind_view else []
    made = {
        "@type": "NewsArticle",
        "mainEntityOfPage": address,
        "url": address,
        "headline": page.title,
        "description": page.search_description or page.summary,
        "image": [url for url in shared if url],
        "datePublished": page.published_on.isoformat(),
        "dateModified": (page.updated_on or page.published_on).isoformat(),
        "inLanguage": page.language,
        "isAccessibleForFree": True,
        "articleSection": kinds,
        "keywords": [topic.name for topic in page.topic_views],
        "author": _authors(page) or [{"@type": "Organization", "name": organisation, "url": sites.absolute("/")}],
        "publisher": {"@id": sites.absolute("/#organisation")},
        "workTranslation": _translations(page),
    }
    return structured.without_empty(made)


def _authors(page):
    return [
        structured.without_empty(
            {
                "@type": "Organization" if author.is_group else "Person",
                "name": author.name,
                "jobTitle": None if author.is_group else author.role,
                "url": sites.absolute(author.url) if author.url else None,
            }
        )
        for author in page.author_views
    ]


def _translations(page):
    siblings = alternates.of_pages(references.current().translations(page.alias_of_id or page.pk).values())
    return [
        {"@type": "NewsArticle", "@id": sites.absolute(url), "inLanguage": language}
        for language, url in siblings.items()
        if language != page.language
    ]
