"""What programs ask for at well-known addresses: robots.txt, security.txt, llms.txt, old feeds of a WordPress."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from contact.models import ContactPage
from core import cards
from core.models import Robots
from core.models.furniture import furniture_for
from core.portable import escaped
from delivery import due, sites
from delivery.page_cache import for_everybody
from news import addresses
from news.models import ArticlePage, NewsIndexPage, listing

LATEST = 20
SECURITY_TXT_LASTS = timedelta(days=30)
MOST_PAGES = 100


@require_safe
def robots_txt(request):
    """Answer with the editors' rules and where the site maps are."""
    maps = [f"Sitemap: {sites.absolute(reverse(name))}" for name in ("sitemap", "news_sitemap")]
    rules = Robots.objects.first() or Robots()
    text = "\n".join([rules.rules.strip(), "", *maps, ""])
    return for_everybody(HttpResponse(text, content_type="text/plain; charset=utf-8"))


@require_safe
def security_txt(request):
    """Answer with where to report a weakness: on the contact page (https://www.rfc-editor.org/rfc/rfc9116)."""
    pages = [ContactPage.in_language(language) for language in sites.live_editions()]
    contacts = [sites.page_url(page.url_path, page.locale_id) for page in pages if page and sites.is_public(page.path)]
    if not any(contacts):
        raise Http404("No page to report on")
    lines = [
        *(f"Contact: {sites.absolute(address)}" for address in contacts if address),
        f"Expires: {timezone.now().replace(microsecond=0) + SECURITY_TXT_LASTS:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(sites.live_editions())}",
        f"Canonical: {sites.absolute(reverse('security'))}",
        "",
    ]
    # The moment at which it ends is another one each time.
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
def llms_txt(request):
    """Answer with a guide to the site for language models, in the language of the address (https://llmstxt.org)."""
    edition = sites.live_editions().get(get_language())
    if edition is None:
        raise Http404("No front page in this language")
    return for_everybody(HttpResponse(_guide(edition), content_type="text/markdown; charset=utf-8"))


@require_safe
def old_feed(request, form=None):
    """Lead from an address of a WordPress feed to ours of the same language."""
    index = addresses.index_url(get_language())
    if index is None:
        raise Http404("No news in this language")
    return for_everybody(redirect(f"{index}{'atom' if form == 'atom' else 'feed'}/", permanent=True))


def _guide(edition):
    words = furniture_for(edition.language).words
    sections = {_("News"): _news(edition), _("Pages"): _pages(edition), _("Lists for programs"): _lists(edition)}
    sections[_("Languages")] = [
        _line(other.name, f"{other.prefix}llms.txt")
        for other in sites.live_editions().values()
        if other.language != edition.language
    ]
    parts = [f"# {escaped(words.organisation_name)}", *([f"> {escaped(words.tagline)}"] if words.tagline else [])]
    parts += [f"## {title}\n\n" + "\n".join(lines) for title, lines in sections.items() if lines]
    return "\n\n".join(parts) + "\n"


def _news(edition):
    index = addresses.open_indexes().get(edition.language)
    rows = listing.newest(index["id"], LATEST) if index else []
    return [_line(row.title, f"{row.url.rstrip('/')}.md", row.summary) for row in rows if not row.is_alias]


def _pages(edition):
    pages = due.not_over(Page.objects.live()).filter(locale_id=edition.locale_id, alias_of__isnull=True, depth__gt=2)
    pages = pages.not_type(ArticlePage).not_type(NewsIndexPage).order_by("path")
    shown = [page for page in pages[:MOST_PAGES] if sites.is_public(page.path)]
    lines = []
    for page, card in zip(shown, cards.cards_for(shown), strict=True):
        if not card["url"]:
            continue
        has_twin = "md" in getattr(page.specific_class, "twins", {})
        address = f"{card['url'].rstrip('/')}.md" if has_twin else card["url"]
        lines.append(_line(card["title"], address, card["summary"]))
    return lines


def _lists(edition):
    index = addresses.open_indexes().get(edition.language)
    lines = [_line("RSS", f"{index['url']}feed/"), _line("JSON Feed", f"{index['url']}json/")] if index else []
    return [*lines, _line(_("Site map"), reverse("sitemap")), _line("API", "/api/v2/pages/")]


def _line(title, address, summary=""):
    return f"- [{escaped(title)}]({sites.absolute(address)})" + (f": {escaped(summary)}" if summary else "")
