"""All topics, authors and kinds by language, read in one query and remembered per generation."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import BooleanField, F, IntegerField, TextField, Value
from django.db.models.functions import Cast
from django.utils.functional import cached_property

from core import facets
from core.models import Image
from delivery import due, references
from delivery.generation import per_generation
from delivery.prepared import Prepared
from news.addresses import FAMILIES, index_url, open_indexes, word_for

MODELS = {"topics": "Topic", "authors": "Author", "kinds": "ArticleKind"}


def short(key):
    """Return enough of a term's key to tell terms apart where it is written many times."""
    return key.hex[:12]


@dataclass(frozen=True)
class TermView:
    """A term as a reader of one language sees it, which may be in the words of another."""

    family: str
    key: UUID
    language: str
    words_language: str
    name: str
    slug: str
    description: str
    detail: str
    is_group: bool
    image_id: int | None

    @property
    def route(self):
        """The address of the term's list below its index."""
        return f"{word_for(self.family, self.language)}/{self.slug}/"

    @property
    def url(self):
        """The address of the term's list, or an empty string while the language has no live index."""
        index = index_url(self.language)
        return f"{index}{self.route}" if index else ""

    @property
    def short_key(self):
        return short(self.key)

    @property
    def plural(self):
        return self.detail if self.family == "kinds" else self.name

    @property
    def role(self):
        return self.detail if self.family == "authors" else ""

    @property
    def image(self):
        return references.current().get(Image, self.image_id)


def _query(family):
    model = apps.get_model("news", MODELS[family])
    detail = {"kinds": F("plural"), "authors": F("role")}.get(family, Value("", output_field=TextField()))
    is_author = family == "authors"
    image = F("image_id") if is_author else Cast(Value(None), IntegerField())
    is_group = F("is_group") if is_author else Value(False, output_field=BooleanField())
    return (
        due.not_over(model.objects.filter(live=True))
        .order_by()
        .values_list(
            Value(family, output_field=TextField()),
            "pk",
            "translation_key",
            "locale__language_code",
            "name",
            "slug",
            "description",
            Cast(detail, TextField()),
            is_group,
            image,
        )
    )


class _Taxonomy:
    """The rows of all terms, in the shapes that are asked for."""

    def __init__(self, rows):
        self.rows = rows

    @cached_property
    def key_by_id(self):
        return {(family, pk): key for family, pk, key, *_rest in self.rows}

    def in_language(self, family, language):
        """Return {key: TermView}: the language's own words, else the default language's, else any.

        Two that would share an address are told apart by it: the one whose own it is in that order keeps it.
        """
        order = {language: 0, settings.LANGUAGE_CODE: 1}
        rows = [row[1:] for row in self.rows if row[0] == family]
        found, taken = {}, set()
        for _pk, key, words_language, name, slug, *words in sorted(
            rows, key=lambda row: (order.get(row[2], 2), row[0])
        ):
            if key not in found:
                own = f"{slug}-{short(key)}" if slug in taken else slug
                taken.add(own)
                found[key] = TermView(family, key, language, words_language, name, own, *words)
        return dict(sorted(found.items(), key=lambda item: item[1].name.casefold()))


@per_generation
def _taxonomy():
    return _Taxonomy(_rows())


@Prepared
def _rows():
    topics, *others = (_query(family) for family in FAMILIES)
    return topics.union(*others, all=True)


@per_generation
def terms(family, language):
    """Return the terms of a family as {key: TermView}, by name, in a language.

    Args:
        family: topics, authors or kinds.
        language: the reader's language code.
    """
    return _taxonomy().in_language(family, language)


def routes(model):
    """Return {(language, key): address of a term's list below its index}, as the database has it in this transaction.

    Args:
        model: ``Topic``, ``Author`` or ``ArticleKind``.
    """
    family = next(family for family, name in MODELS.items() if name == model.__name__)
    known = _Taxonomy(list(_query(family)))
    return {
        (language, key): term.route
        for language, _name in settings.LANGUAGES
        for key, term in known.in_language(family, language).items()
    }


def key_of(family, pk):
    """Return the key that a term's translations share, or None for a term that is gone or not live."""
    return _taxonomy().key_by_id.get((family, pk))


def by_ids(family, ids, language):
    """Return the TermViews for term ids of any language, in their order, each once, without those that are gone."""
    known = terms(family, language)
    return [known[key] for key in dict.fromkeys(key_of(family, pk) for pk in ids) if key in known]


def by_slug(family, slug, language):
    """Return the TermView with this slug in a language, or None."""
    return next((term for term in terms(family, language).values() if term.slug == slug), None)


@per_generation
def _facet_values(family, language):
    known = terms(family, language).values()
    return {term.short_key: facets.Value(term.name, term.slug, term.words_language) for term in known}


def facet_values(family):
    """Return a function from a language code to the choices of a family in the search (``core.facets``)."""
    return partial(_facet_values, family)


def facet_addresses(family):
    """Return a function from a language code to the addresses of the lists of a family's terms that all may read."""
    return partial(_facet_addresses, family)


def _facet_addresses(family, language):
    known = terms(family, language).values() if language in open_indexes() else ()
    return {term.short_key: term.url for term in known}
