"""Pages, documents and images that a reader's page refers to, loaded together: one query a kind.

What renders a page first says which ids it will need; rich text links, choosers and pictures then find
their objects here. An id that nobody announced is fetched when it is asked for, so the answer is never wrong,
only dearer.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models.functions import Coalesce
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from delivery import due, sites
from delivery.prepared import Prepared

PAGE_FIELDS = (
    "title",
    "slug",
    "url_path",
    "path",
    "depth",
    "live",
    "expire_at",
    "locale_id",
    "translation_key",
    "content_type_id",
    "alias_of_id",
)


# An alias shows the words of the page that it is an alias of, which may be in another language.
WORDS_LOCALE = {"words_locale_id": Coalesce("alias_of__locale_id", "locale_id")}


class References:
    """The objects that one response refers to."""

    def __init__(self):
        self._wanted = {Page: set(), get_document_model(): set(), get_image_model(): set()}
        self._found = {model: {} for model in self._wanted}
        self._translations = {}

    def want(self, model, ids):
        """Announce ids of a model (any page model counts as Page)."""
        key = self._key(model)
        if key:
            self._wanted[key].update(int(pk) for pk in ids if pk)

    def objects(self, model, ids):
        """Return a dict of the model's objects by id, without those that do not exist."""
        key = self._key(model)
        self.want(model, ids)
        self._load(key)
        found = self._found[key]
        return {int(pk): found[int(pk)] for pk in ids if pk and found.get(int(pk))}

    def get(self, model, pk):
        """Return one object, or None."""
        return self.objects(model, [pk]).get(int(pk)) if pk else None

    def knows(self, model):
        """Return whether objects of this model can be found here."""
        return self._key(model) is not None

    def translations(self, page_id):
        """Return the page in every language it exists in, live or not, by locale id."""
        page = self.get(Page, page_id)
        return self._translations.get(page.translation_key, {}) if page else {}

    def link(self, page_id, language):
        """Return (address, page) of a page in the wanted language where it is live there, else as it is.

        Args:
            page_id: id of the page in any language.
            language: the language code of the page that links.
        """
        edition = sites.live_editions().get(language)
        page = self.get(Page, page_id)
        if page is None:
            return None, None
        translated = self.translations(page_id).get(edition.locale_id) if edition else None
        for candidate in (translated, page):
            if candidate is not None and candidate.live:
                return sites.page_url(candidate.url_path, candidate.locale_id), candidate
        return None, page

    @staticmethod
    def language_of(page):
        """Return the language code of the words of a page found here, or an empty string."""
        return sites.languages().get(page.words_locale_id, "")

    def _key(self, model):
        if issubclass(model, Page):
            return Page
        return model if model in self._wanted else None

    def _load(self, key):
        missing = self._wanted[key] - self._found[key].keys()
        if not missing:
            return
        self._found[key].update(dict.fromkeys(missing))
        if key is Page:
            self._load_pages(missing)
        else:
            find = _documents if key is get_document_model() else _images
            self._found[key].update((found.pk, found) for found in find(list(missing)))

    def _load_pages(self, ids):
        for page in _in_all_languages(list(ids)):
            page.live = page.live and not due.is_over(page)
            self._found[Page][page.pk] = page
            self._translations.setdefault(page.translation_key, {})[page.locale_id] = page


@Prepared
def _in_all_languages(ids):
    keys = Page.objects.filter(pk__in=ids).values("translation_key")
    return Page.objects.filter(translation_key__in=keys).only(*PAGE_FIELDS).annotate(**WORDS_LOCALE)


@Prepared
def _images(ids):
    return get_image_model().objects.filter(pk__in=ids)


def _documents(ids):
    return get_document_model().objects.filter(pk__in=ids).select_related("language")


_current = ContextVar("references", default=None)


def current():
    """Return the references of the response being made, or fresh ones outside of any."""
    return _current.get() or References()


@contextmanager
def scope():
    """Collect the references of everything rendered inside."""
    token = _current.set(References())
    try:
        yield _current.get()
    finally:
        _current.reset(token)
