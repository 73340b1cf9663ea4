"""The site, its languages and their front pages, remembered per generation; and page addresses made from them."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language_info
from wagtail.models import Page, PageViewRestriction, Site

from delivery.generation import per_generation


@dataclass(frozen=True)
class Edition:
    """The site in one language: its front page and where its addresses begin."""

    language: str
    locale_id: int
    home_id: int
    home_path: str
    is_live: bool
    name: str
    is_rtl: bool

    @property
    def prefix(self):
        return "/" if self.language == settings.LANGUAGE_CODE else f"/{self.language}/"

    @property
    def direction(self):
        return "rtl" if self.is_rtl else "ltr"


@per_generation
def site():
    """Return the one site of this installation, with its root page."""
    return Site.objects.select_related("root_page").filter(is_default_site=True).first()


@per_generation
def editions():
    """Return the editions by language code, in the order of the LANGUAGES setting."""
    the_site = site()
    if the_site is None:
        return {}
    homes = Page.objects.filter(translation_key=the_site.root_page.translation_key).select_related("locale")
    by_language = {home.locale.language_code: home for home in homes}
    return {code: _edition(code, by_language[code]) for code, _name in settings.LANGUAGES if code in by_language}


def _edition(code, home):
    info = get_language_info(code)
    return Edition(code, home.locale_id, home.pk, home.url_path, home.live, info["name_local"], info["bidi"])


def live_editions():
    """Return the editions that readers can reach."""
    return {code: edition for code, edition in editions().items() if edition.is_live}


@per_generation
def editions_by_locale():
    """Return the live editions by locale id."""
    return {edition.locale_id: edition for edition in live_editions().values()}


def page_url(url_path, locale_id):
    """Return the address of a page from its tree path, or None where readers cannot reach it.

    Args:
        url_path: the page's ``url_path``, for example ``/home/news/an-article/``.
        locale_id: the id of its locale.
    """
    edition = editions_by_locale().get(locale_id)
    if edition is None or not url_path.startswith(edition.home_path):
        return None
    return edition.prefix + url_path[len(edition.home_path) :]


@per_generation
def restricted_paths():
    """Return the tree paths below which pages are not public, aliases of restricted pages included."""
    paths = list(PageViewRestriction.objects.values_list("page__path", flat=True))
    if paths:
        ids = PageViewRestriction.objects.values("page_id")
        paths += Page.objects.filter(alias_of__in=ids).values_list("path", flat=True)
    return tuple(paths)


def is_public(tree_path):
    """Return whether no view restriction covers the page at this treebeard path."""
    return not any(tree_path.startswith(path) for path in restricted_paths())
