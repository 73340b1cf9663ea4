"""Which addresses an act can touch, and which there are at all; asked by the observer."""

from itertools import chain
from urllib.parse import quote

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex

from core.models import Document, Image
from news.addresses import FAMILIES, word_for
from news.models import ArticleKind, ArticlePage, Author, NewsIndexPage, Topic

TERMS = {"topics": Topic, "authors": Author, "kinds": ArticleKind}
LANGUAGES = [code for code, _name in settings.LANGUAGES]
SEARCHES = ("harbour", "lantern bridge", "haven", "picture", "Secretariat", "Policy", "response", "testun", "new")
# Asked whatever the act: they show something of everything.
OVERVIEWS = (
    *("/", "/cy/", "/ar/", "/news/", "/news/feed/", "/sitemap.xml", "/sitemap-en-1.xml", "/sitemap-news.xml"),
    "/api/v2/pages/",
)


def prefix(language):
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


def homes():
    """Return {locale id: (prefix, tree path)} of the front pages, live or not."""
    found = Page.objects.filter(depth=2).select_related("locale")
    return {home.locale_id: (prefix(home.locale.language_code), home.url_path) for home in found}


def address_of(page, known=None):
    """Return the address that a page has or would have, live or not; empty for what is below no front page."""
    start, path = (known or homes()).get(page.locale_id, ("", ""))
    return start + page.url_path[len(path) :] if path and page.url_path.startswith(path) else ""


def forms_of(pages):
    """Return the addresses of pages with all their other forms."""
    articles = set(ArticlePage.objects.filter(pk__in=[page.pk for page in pages]).values_list("pk", flat=True))
    found = []
    for page, address in pages_with_addresses(pages):
        found += [address, f"/api/v2/pages/{page.pk}/"]
        if page.depth > 2:
            found += [f"{address[:-1]}.md", *([f"{address[:-1]}.bib"] if page.pk in articles else [])]
    return found


def page_addresses(pages):
    return [address for _page, address in pages_with_addresses(pages)]


def pages_with_addresses(pages):
    known = homes()
    return [(page, address) for page in pages if (address := address_of(page, known))]


def lists(language, year=None):
    """Return the addresses of the lists of a language, with those of one year or of this one."""
    index = NewsIndexPage.objects.filter(locale__language_code=language, alias_of=None).first()
    if index is None:
        return []
    base, now = address_of(index), timezone.now()
    ends = ("", "feed/", f"{year or now.year}/", f"{now.year}/{now.month}/", "?before=20260601T000000-1")
    return [prefix(language), *(base + end for end in ends), f"/sitemap-{language}-1.xml"]


def term_addresses(terms, languages=LANGUAGES):
    """Return the addresses of the lists of terms, in the words of every language that they may be shown in."""
    found = []
    for language in languages:
        index = NewsIndexPage.objects.filter(locale__language_code=language, alias_of=None).first()
        for family, term in terms if index else ():
            found.append(f"{address_of(index)}{word_for(family, language)}/{term.slug}/")
    return found


def all_terms(**only):
    return [(family, term) for family in FAMILIES for term in TERMS[family].objects.filter(**only)]


def searches(words=SEARCHES, languages=LANGUAGES):
    return [f"{prefix(code)}search/?q={quote(word)}" for word in words for code in languages]


def users_of(item):
    """Return the pages that refer to something, by Wagtail's index of references."""
    kinds = [
        ContentType.objects.get_for_model(model) for model in {type(item), *type(item).__mro__[:2]} if is_model(model)
    ]
    rows = ReferenceIndex.objects.filter(to_content_type__in=kinds, to_object_id=str(item.pk))
    rows = rows.filter(base_content_type=ContentType.objects.get_for_model(Page))
    return list(Page.objects.filter(pk__in=[int(pk) for pk in rows.values_list("object_id", flat=True)]))


def is_model(model):
    return hasattr(model, "_meta") and not model._meta.abstract


def by_page(pk):
    """Everything that shows a page: itself in all languages, what is below and around it, lists, links to it."""
    page = Page.objects.filter(pk=pk).first()
    if page is None:
        return []
    group = list(Page.objects.filter(translation_key=page.translation_key))
    below = [one for member in group for one in member.get_descendants()[:20]]
    parents = [parent for member in group if (parent := member.get_parent()) and parent.depth > 1]
    linking = [user for member in group for user in users_of(Page(pk=member.pk))]
    found = forms_of(group) + page_addresses([*below, *parents, *linking])
    for member in group:
        language = member.locale.language_code
        found += [*lists(language), f"{prefix(language)}search/?q={quote(member.title.split()[0])}"]
    return found + [one for member in group for one in by_article(member.pk)]


def by_article(pk):
    """The lists that an article stands in, and the articles that may show it under "more news"."""
    article = ArticlePage.objects.filter(pk=pk).first()
    if article is None:
        return []
    topics = [item.topic for item in article.article_topics.all()]
    terms = [("topics", topic) for topic in topics] + [("kinds", article.kind)] * bool(article.kind)
    terms += [("authors", item.author) for item in article.article_authors.all()]
    near = ArticlePage.objects.filter(article_topics__topic__in=topics, locale=article.locale).distinct()
    showing = [other for other in near if pk in [row.page_id for row in other.more_news]]
    year = article.published_on.year if article.published_on else None
    language = article.locale.language_code
    return term_addresses(terms, [language]) + page_addresses(showing) + lists(language, year)


def by_term(family, pk):
    term = TERMS[family].objects.filter(pk=pk).first()
    if term is None:
        return []
    group = [(family, one) for one in TERMS[family].objects.filter(translation_key=term.translation_key)]
    users = [user for _family, one in group for user in users_of(one)]
    kinds = ArticlePage.objects.filter(kind__in=[one.pk for _family, one in group]) if family == "kinds" else []
    found = page_addresses([*users, *kinds]) + term_addresses(group)
    return found + list(chain.from_iterable(lists(language) for language in LANGUAGES)) + searches([term.name])


def by_file(model, pk):
    item = model.objects.filter(pk=pk).first()
    users = users_of(item) if item else []
    found = page_addresses(users) + [one for user in users[:3] for one in by_article(user.pk)]
    return [*found, *term_addresses(all_terms()), f"/api/v2/{model._meta.verbose_name_plural}/{pk}/", *searches()]


def by_everything():
    """Every page and list as HTML."""
    found = page_addresses(Page.objects.filter(depth__gt=1)) + term_addresses(all_terms()) + searches(SEARCHES[:2])
    return found + [address for language in LANGUAGES for address in (*lists(language), f"{prefix(language)}llms.txt")]


KINDS = {
    "page": by_page,
    "term": by_term,
    "image": lambda pk: by_file(Image, pk),
    "document": lambda pk: by_file(Document, pk),
    "address": lambda address: [address],
    "searches": searches,
    "everything": by_everything,
}


def touched(named):
    """Return the addresses that can show what is named.

    Args:
        named: a list of [kind, *arguments], see ``KINDS``.
    """
    found = chain.from_iterable(KINDS[kind](*arguments) for kind, *arguments in named)
    return list(dict.fromkeys(iri_to_uri(address) for address in [*found, *OVERVIEWS] if address))


def all_addresses():
    """Return every address that there is, and some that there are not."""
    pages = list(Page.objects.filter(depth__gt=1))
    found = forms_of(pages) + searches()
    found += [one for address in term_addresses(all_terms()) for one in (address, f"{address}feed/")]
    for language in LANGUAGES:
        start = prefix(language)
        found += [
            *lists(language),
            f"{start}news/atom/",
            f"{start}news/json/",
            f"{start}nothing/here/",
            f"{start}llms.txt",
            f"{start}newsletter/",
        ]
        found += [f"{start}news/", f"{start}search/suggest/?q=har", f"{start}search/"]
    found += [redirect.old_path for redirect in Redirect.objects.all()]
    found += ["/robots.txt", "/api/v2/", "/api/v2/images/", "/api/v2/documents/", *OVERVIEWS]
    return list(dict.fromkeys(iri_to_uri(address) for address in found))
