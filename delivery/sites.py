"""The site, its languages and their front pages, remembered per generation; and page addresses made from them."""

from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import F, FilteredRelation, Q
from django.utils.encoding import iri_to_uri
from django.utils.translation import get_language_info
from wagtail.models import Page, PageViewRestriction, Site

from delivery import due
from delivery.generation import per_generation
from delivery.prepared import Prepared

SITE_FIELDS = ("id", "hostname", "port", "site_name")


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
@Prepared
def _homes():
    """Return the front pages in all languages, the site's root page among them with the site's own fields."""
    default = FilteredRelation("sites_rooted_here", condition=Q(sites_rooted_here__is_default_site=True))
    keys = Site.objects.filter(is_default_site=True).order_by().values("root_page__translation_key")
    fields = {f"site_{name}": F(f"own_site__{name}") for name in SITE_FIELDS}
    homes = Page.objects.filter(translation_key__in=keys).annotate(own_site=default)
    return homes.annotate(language_code=F("locale__language_code"), **fields)


@per_generation
def site():
    """Return the one site of this installation, with its root page, or None before there is one."""
    for home in _homes():
        if home.site_id is not None:
            values = [home.site_id, home.site_hostname, home.site_port, home.site_site_name, home.pk, True]
            found = Site.from_db(None, [*SITE_FIELDS, "root_page_id", "is_default_site"], values)
            found.root_page = home
            return found
    return None


@per_generation
def editions():
    """Return the editions by language code, in the order of the LANGUAGES setting."""
    by_language = {home.language_code: home for home in _homes()}
    return {code: _edition(code, by_language[code]) for code, _name in settings.LANGUAGES if code in by_language}


def _edition(code, home):
    info = get_language_info(code)
    return Edition(
        code,
        home.locale_id,
        home.pk,
        home.url_path,
        home.live and not due.is_over(home),
        info["name_local"],
        info["bidi"],
    )


def live_editions():
    """Return the editions that readers can reach."""
    return {code: edition for code, edition in editions().items() if edition.is_live}


def language_name(code):
    """Return the name of a language in the active language, or the code of one that Django does not know."""
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code


@per_generation
def languages():
    """Return the language codes by locale id, of all editions, live or not."""
    return {edition.locale_id: code for code, edition in editions().items()}


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


def absolute(address):
    """Return the full address of something of ours, in the letters that addresses are sent in."""
    return iri_to_uri(urljoin(settings.PUBLIC_URL, address))


def find_restricted_paths():
    """Return the tree paths below which pages are not public, aliases of restricted pages included."""
    return paths_with_aliases(PageViewRestriction.objects.values_list("page_id", "page__path"))


def paths_with_aliases(pages):
    """Return the tree paths of some pages, of their aliases, and of theirs.

    Args:
        pages: (primary key, tree path) of each.
    """
    found = paths = dict(pages)
    while found:
        found = dict(Page.objects.filter(alias_of__in=found).exclude(pk__in=paths).values_list("pk", "path"))
        paths = paths | found
    return tuple(paths.values())


restricted_paths = per_generation(find_restricted_paths)


def is_public(tree_path):
    """Return whether no view restriction covers the page at this treebeard path."""
    return not any(tree_path.startswith(path) for path in restricted_paths())
