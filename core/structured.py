"""What pages say of themselves to machines, in the words of schema.org.

Sources: https://schema.org/docs/full.html and, for what search engines show,
https://developers.google.com/search/docs/appearance/structured-data.
"""

from django.templatetags.static import static

from core import parts, pictures
from delivery import sites


def organisation(furniture):
    """Return who publishes the site, from its arranged furniture."""
    key = ("organisation", furniture, pictures.state(furniture.logo))
    return parts.remembered(key, lambda: _organisation(furniture))


def _organisation(furniture):
    shown = pictures.sources(furniture.logo, "body") if furniture.logo else None
    made = {
        "@type": "Organization",
        "@id": sites.absolute("/#organisation"),
        "name": furniture.words.organisation_name,
        "description": furniture.words.tagline,
        "url": sites.absolute("/"),
        "logo": sites.absolute(shown["src"] if shown else static("portal/icon-512.png")),
        "telephone": furniture.words.phone,
        "sameAs": [link["url"] for link in furniture.social_links],
    }
    return without_empty(made)


def website(furniture, edition, search_url):
    """Return the site in one language, with its search.

    Args:
        furniture: the arranged furniture of the language.
        edition: the ``Edition``.
        search_url: the address of the search page.
    """
    target = {
        "@type": "EntryPoint",
        "urlTemplate": f"{sites.absolute(search_url)}?q={{search_term_string}}",
    }
    return {
        "@type": "WebSite",
        "@id": sites.absolute(f"{edition.prefix}#website"),
        "name": furniture.words.organisation_name,
        "url": sites.absolute(edition.prefix),
        "inLanguage": edition.language,
        "publisher": {"@id": sites.absolute("/#organisation")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": target,
            "query-input": "required name=search_term_string",
        },
    }


def web_page(kind, page, address):
    """Return a plain page.

    Args:
        kind: its schema.org type, for example ContactPage.
        page: the ``BasePage``.
        address: its full address.
    """
    made = {
        "@type": kind,
        "url": address,
        "name": page.title,
        "description": page.search_description or page.summary,
        "inLanguage": page.language,
        "publisher": {"@id": sites.absolute("/#organisation")},
    }
    return without_empty(made)


def breadcrumbs(trail, title):
    """Return the way to a page.

    Args:
        trail: the pages above it as {"title", "url"}, the front page first.
        title: the page's own.
    """
    steps = [{"name": step["title"], "item": sites.absolute(step["url"])} for step in trail] + [{"name": title}]
    items = [{"@type": "ListItem", "position": number, **step} for number, step in enumerate(steps, 1)]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def without_empty(thing):
    """Return a thing without the properties that have no value."""
    return {name: value for name, value in thing.items() if value not in (None, "", [])}


def document(*things):
    """Return things as one JSON-LD document."""
    return {"@context": "https://schema.org", "@graph": [thing for thing in things if thing]}
