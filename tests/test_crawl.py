"""Every page of the demo in every language: what it says of its language and translations is true, no link is dead.

The crawl starts at the front pages and the site map and follows every link and every hreflang.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from wagtail.models import Page, PageViewRestriction

from news.models import ArticlePage
from tests.pages import canonical_of, hreflang_of

PREFIXES = {"cy": "/cy/", "ar": "/ar/"}
# Not pages: the pictures of the demo are not made here, and what staff see is another matter.
SKIPPED = ("/static/", "/media/", "/admin/")
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
XHTML_LINK = "{http://www.w3.org/1999/xhtml}link"


@dataclass
class Visited:
    """A page that was fetched, and what it says."""

    language: str
    headings: int
    canonical: str | None
    hreflang: dict
    links: list = field(default_factory=list)


@pytest.fixture
def site_as_found(demo):
    """The demo with what it does not show of itself: aliases, a draft, a private and an unlisted article."""
    welsh = Page.objects.get(locale__language_code="cy", depth=2).locale
    there = ArticlePage.objects.filter(locale=welsh).values("translation_key")
    only_english = list(ArticlePage.objects.filter(locale__language_code="en").exclude(translation_key__in=there)[:5])
    for article in only_english[:2]:
        article.copy_for_translation(welsh, alias=True)
    PageViewRestriction.objects.create(page=only_english[2], restriction_type="password", password="sesame")
    only_english[3].unpublish()
    only_english[4].is_unlisted = True
    only_english[4].save()


def path_of(href, base="/"):
    """Return the decoded address of a link into this site without its fragment, or None for any other link."""
    target = urlsplit(urldefrag(urljoin(f"{settings.PUBLIC_URL}{base}", href)).url)
    if f"{target.scheme}://{target.netloc}" != settings.PUBLIC_URL:
        return None
    return unquote(target.path) + (f"?{target.query}" if target.query else "")


def visit(client, address):
    """Fetch an address and return (response, Visited), the latter None for what is no web page."""
    response = client.get(address)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return response, None
    html = BeautifulSoup(response.content.decode(), "html.parser")
    page = Visited(html.html["lang"], len(html.find_all("h1")), canonical_of(response), hreflang_of(response))
    for link in html.find_all("a", href=True):
        target = path_of(link["href"], address)
        if target and not target.startswith(SKIPPED):
            is_switch = link.find_parent("nav", class_="languages") is not None
            page.links.append((target, link.get("hreflang"), is_switch))
    return response, page


def sitemap(client):
    """Return {address: {code: address}} of all files of the site map."""
    found = {}
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own output
    for loc in index.iter(LOC):
        file = ElementTree.fromstring(client.get(path_of(loc.text)).content)  # noqa: S314 - our own output
        for entry in file:
            links = {link.get("hreflang"): path_of(link.get("href")) for link in entry.iter(XHTML_LINK)}
            found[path_of(entry.findtext(LOC))] = links
    return found


def crawl(client, starts):
    """Return ({address: Visited}, faults) of everything that can be reached."""
    seen, faults, waiting = {}, [], [(start, "the start") for start in starts]
    while waiting:
        address, origin = waiting.pop()
        if address in seen:
            continue
        response, seen[address] = visit(client, address)
        if response.status_code != 200:
            faults.append(f"{origin} leads to {address}: {response.status_code}")
        elif seen[address]:
            waiting += [(target, address) for target, *_rest in seen[address].links]
            waiting += [(target, f"hreflang of {address}") for target in seen[address].hreflang.values()]
    return seen, faults


def expected_language(address, aliases):
    own = next((code for code, prefix in PREFIXES.items() if address.startswith(prefix)), "en")
    return aliases.get(address, own)


def addresses_of(pages):
    """Return {address: page} by Wagtail's own account of addresses, not by ours."""
    return {unquote(urlsplit(page.url).path): page for page in pages}


def faults_of_page(address, page, aliases):
    """Yield what is wrong with what a page says of itself."""
    expected = expected_language(address, aliases)
    if page.language != expected:
        yield f"{address} says that it is in {page.language}, not {expected}"
    if page.headings != 1:
        yield f"{address} has {page.headings} main headings"
    # The newest page of a list is the whole list, whichever cursor led there.
    if page.canonical not in (None, address, address.split("?after=")[0]) and address not in aliases:
        yield f"{address} says that it is known as {page.canonical}"
    if address in aliases and (page.hreflang or page.canonical == address):
        yield f"{address} is an alias and speaks as a page of its own"


def faults_of_links(address, page, seen):
    """Yield links that change the language unasked, or that name another one than they lead to."""
    for target, hreflang, is_switch in page.links:
        other = seen.get(target)
        if other is None:
            continue
        if hreflang and hreflang != other.language:
            yield f"{address} calls its link to {target} {hreflang}, but that is in {other.language}"
        if not hreflang and other.language != page.language:
            yield f"{address} leads unasked to {target} in {other.language}"
        if is_switch and not hreflang:
            yield f"{address} has a language switch to {target} that names no language"


def faults_of_hreflang(address, page, seen):
    """Yield translations that a page names and that do not name the same ones."""
    if page.hreflang and page.canonical not in page.hreflang.values():
        yield f"{address} does not stand in its own set of translations"
    default = page.hreflang.get("en") or next(iter(page.hreflang.values()), None)
    if page.hreflang.get("x-default") != default:
        yield f"{address} gives {page.hreflang.get('x-default')} to readers of all other languages, not {default}"
    for code, target in page.hreflang.items():
        other = seen.get(target)
        if other is None or other.hreflang != page.hreflang:
            yield f"{address} names {target} as its translation ({code}), which names {other and other.hreflang}"
        elif code not in ("x-default", other.language):
            yield f"{address} names {target} as {code}, but that is in {other.language}"


@pytest.mark.django_db
def test_every_page_is_true_about_its_language_and_no_link_is_dead(site_as_found, client):
    live = [page for page in Page.objects.live().filter(depth__gt=1).specific() if not page.get_view_restrictions()]
    aliases = {address: page.language for address, page in addresses_of(live).items() if page.alias_of_id}
    own = addresses_of(page for page in live if not page.alias_of_id)
    listed = {address: page for address, page in own.items() if not getattr(page, "is_unlisted", False)}
    assert len(aliases) == 2
    entries = sitemap(client)
    assert set(entries) == set(listed)

    seen, faults = crawl(client, ["/", *PREFIXES.values(), *entries])
    pages = {address: page for address, page in seen.items() if page}
    for address, page in pages.items():
        faults += faults_of_page(address, page, aliases)
        faults += faults_of_links(address, page, pages)
        faults += faults_of_hreflang(address, page, pages)
    translations = defaultdict(dict)
    for address, page in own.items():
        translations[page.translation_key][page.language] = address
    for address, page in listed.items():
        known = translations[page.translation_key] if len(translations[page.translation_key]) > 1 else {}
        named = {code: target for code, target in pages[address].hreflang.items() if code != "x-default"}
        if named != known or entries[address] != pages[address].hreflang:
            faults.append(f"{address} names {named}, the site map {entries[address]}, and there is {known}")
    assert not faults, "\n".join(sorted(set(faults)))
    assert set(aliases) <= set(pages)
    assert len(pages) > 120
