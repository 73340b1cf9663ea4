"""Template tags of the house, available in every template."""

import json
import re
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import conditional_escape, escape, format_html, format_html_join, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from core import directions, parts, pictures
from core.models.furniture import furniture_for
from delivery import references, sites

register = template.Library()
IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
# Stands for the number of the page in forms that are rendered once for all.
ANY_PAGE = 10**17
OWN_ID = re.compile(r'\bid="([^"{]+)"')
ID_OF_NOTE = re.compile(r"(?:note|ref)-[0-9]+")
NOTE_MARK = re.compile(r"\[(\d{1,2})\](?![^<]*>)")


@register.simple_tag
def furniture():
    """Return the arranged furniture of the active language."""
    return furniture_for(get_language())


@register.simple_tag
def picture(image, name, alt="", eager=False):
    """Show an image in a shape of ``core.pictures``; a quiet empty box while no file is finished.

    Args:
        image: a ``core.Image`` or None.
        name: lead, card, body, gallery or portrait.
        alt: alternative text; empty for a picture that only decorates.
        eager: True for the first picture of a page.
    """
    state = pictures.state(image)
    return parts.remembered((state, name, alt, eager), lambda: _picture(image, name, alt, eager))


def _picture(image, name, alt, eager):
    found = pictures.sources(image, name)
    if found is None:
        return format_html('<span class="picture-missing picture-{}"></span>', name)
    offers = [(kind, srcset, found["sizes"]) for kind, srcset in found["offers"].items()]
    source = format_html_join("", '<source type="image/{}" srcset="{}" sizes="{}">', offers)
    loading = ("fetchpriority", "high") if eager else ("loading", "lazy")
    return format_html(
        '<picture>{}<img src="{}" width="{}" height="{}" alt="{}" decoding="async" {}="{}"></picture>',
        source,
        found["src"],
        found["width"],
        found["height"],
        alt or "",
        *loading,
    )


@register.simple_tag
def shared_picture(image):
    """Return the picture for shared links as ``pictures.shared`` has it, or None."""
    return pictures.shared(image)


@register.simple_tag(takes_context=True)
def brand_and_menu(context):
    """Return the beginning of the header, rendered once for all pages whose place among its links is the same."""
    furniture, home_url, search_url = context["furniture"], context["home_url"], reverse("search")
    path = context["request"].path if "request" in context else None
    links = [(link, _place(path, link["url"], home_url)) for link in furniture.header_links]
    is_home, is_search = path == home_url, path == search_url
    shown = (furniture, pictures.state(furniture.logo), tuple(place for _link, place in links), is_home, is_search)
    return parts.rendered(
        "includes/_brand_and_menu.html",
        shown,
        furniture=furniture,
        links=links,
        home_url=home_url,
        search_url=search_url,
        is_home=is_home,
        is_search=is_search,
    )


def _place(path, url, home_url):
    """Return how a link of the menu says where the page stands: at it, below it, or elsewhere."""
    if url == path:
        return "page"
    return "true" if path and url != home_url and path.startswith(url) else ""


@register.simple_tag(takes_context=True)
def both_forms(context, without_enquiry=False):
    """Return the band with the forms; only the number of the page differs between pages."""
    furniture, page_id = context["furniture"], getattr(context.get("page"), "pk", None)
    shown = (furniture, without_enquiry, page_id is None)
    made = parts.rendered(
        "includes/_forms.html",
        shown,
        furniture=furniture,
        without_enquiry=without_enquiry,
        page={"pk": ANY_PAGE if page_id else None},
    )
    return made if page_id is None else mark_safe(made.replace(f'value="{ANY_PAGE}"', f'value="{int(page_id)}"'))  # noqa: S308 - a number


@register.simple_tag(takes_context=True)
def language_links(context):
    """Return every live language with the address of the same thing in it, or of that language's front page."""
    alternates = context.get("alternates") or {}
    return [
        {
            "language": edition.language,
            "name": edition.name,
            "direction": edition.direction,
            "url": alternates.get(edition.language) or f"{edition.prefix}#not-translated",
            "is_current": edition.language == get_language(),
        }
        for edition in sites.live_editions().values()
    ]


@register.simple_tag
def words_in(language):
    """Return the attributes of an element whose words are in another language than the page's, else nothing.

    Args:
        language: a language code; empty where it is that of the page.
    """
    if not language or language == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', language, "rtl" if get_language_info(language)["bidi"] else "ltr")


@register.simple_tag
def leads_to(language):
    """Return the attribute of a link that leads into another language than the page's, else nothing.

    Args:
        language: a language code; empty where it is that of the page, or not known.
    """
    return format_html(' hreflang="{}"', language) if language and language != get_language() else ""


@register.filter(is_safe=True)
def numbers_apart(html):
    """Keep the order of telephone numbers in HTML that runs from right to left."""
    return mark_safe(directions.with_numbers_apart(conditional_escape(html)))  # noqa: S308 - escaped where it was not safe


@register.filter
def apart(text):
    """Keep a text and the sentence around it out of each other's direction."""
    return directions.apart(text)


@register.filter
def grouped(number):
    """Return a number as people write it, its thousands apart; whole ones without decimals."""
    return number_format(number if number % 1 else int(number), force_grouping=True)


@register.simple_tag
def contents(body):
    """Return the section headings of a body as {"id", "text"}."""
    seen = set()
    headings = [item["value"] for item in body.raw_data if item["type"] == "heading"]
    anchors = [(heading, _anchor(heading["text"], seen)) for heading in headings]
    return [{"id": anchor, "text": heading["text"]} for heading, anchor in anchors if heading["level"] == "2"]


@register.simple_tag(takes_context=True)
def heading_id(context, text):
    """Return the anchor of a heading, the same that ``contents`` leads to."""
    request = context.get("request")
    seen = getattr(request, "seen_headings", set())
    if request is not None:
        request.seen_headings = seen
    return _anchor(text, seen)


def _anchor(text, seen):
    """Return an anchor in the letters of the heading's own language, told apart from those before and from our own."""
    first = anchor = slugify(text, allow_unicode=True) or "section"
    number = 1
    while anchor in seen or anchor in _own_ids() or ID_OF_NOTE.fullmatch(anchor):
        number += 1
        anchor = f"{first}-{number}"
    seen.add(anchor)
    return anchor


@cache
def _own_ids():
    """Return the ids that stand in the templates."""
    files = (file for folder in settings.TEMPLATES[0]["DIRS"] for file in Path(folder).rglob("*.html"))
    return frozenset(found for file in files for found in OWN_ID.findall(file.read_text()))


@register.simple_tag(takes_context=True)
def footnoted(context, value):
    """Return rich text as HTML in which [1] leads to note 1 of the page's footnotes, where it has such a note."""
    page = context.get("page")
    count = _count_of_notes(page)
    request = context.get("request")
    marked = getattr(request, "marked_notes", set())
    if request is not None:
        request.marked_notes = marked

    def mark(match):
        number = int(match[1])
        if not 1 <= number <= count:
            return match[0]
        # Only the first mark of a note is where its way back leads.
        anchor = "" if number in marked else f' id="ref-{number}"'
        marked.add(number)
        label = escape(_("Note %(number)s") % {"number": number})
        return f'<sup class="note-mark"><a href="#note-{number}"{anchor} aria-label="{label}">{number}</a></sup>'

    html = directions.with_numbers_apart(expand_db_html(value.source))
    return mark_safe(NOTE_MARK.sub(mark, html) if count else html)  # noqa: S308 - Wagtail's own cleaned rich text


def _count_of_notes(page):
    body = getattr(page, "body", None)
    return sum(len(item["value"]["notes"]) for item in body.raw_data if item["type"] == "footnotes") if body else 0


@register.simple_tag(takes_context=True)
def allow_frame(context, origin):
    """Let this response show a frame of a video provider."""
    request = context.get("request")
    if request is not None:
        request.frame_sources = {*getattr(request, "frame_sources", ()), origin}
    return ""


@register.simple_tag
def structured_data(things):
    """Return a JSON-LD document as an element of the page.

    Args:
        things: the document, or nothing.
    """
    if not things:
        return ""
    written = json.dumps(things, ensure_ascii=False, separators=(",", ":"), default=str)
    # No words of ours may end the element.
    return mark_safe(f'<script type="application/ld+json">{written.translate(IN_SCRIPT)}</script>')  # noqa: S308 - escaped here


@register.simple_tag
def page_address(page_id):
    """Return the address of a page in the active language, or an empty string."""
    return references.current().link(page_id, get_language())[0] or ""
