"""Which documents readers may find: those that a page of theirs offers, and not before it does.

An upload alone is no publication: a press release is uploaded the day before. Wagtail's reference index knows which
page refers to which document, in choosers as in rich text.
"""

from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Case, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, Coalesce
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex

from delivery import due, sites
from delivery.generation import per_generation


def references(document_model):
    """Return the references from pages to documents."""
    types = ContentType.objects.get_for_models(Page, document_model)
    return ReferenceIndex.objects.filter(base_content_type=types[Page], to_content_type=types[document_model])


@per_generation
def _unlisted_ids():
    # The cards stand on the models, which stand on this.
    from core import cards

    return cards.unlisted_ids()


def _open_pages():
    """Return the pages that readers can reach and lists show; an alias shows another language's words."""
    places = [
        Q(locale_id=edition.locale_id, url_path__startswith=edition.home_path)
        for edition in sites.live_editions().values()
    ]
    if not places:
        return Page.objects.none()
    pages = due.not_over(Page.objects.filter(reduce(or_, places), live=True, alias_of__isnull=True))
    pages = pages.exclude(pk__in=_unlisted_ids())
    for tree_path in sites.restricted_paths():
        pages = pages.exclude(path__startswith=tree_path)
    return pages


def with_language(documents):
    """Add ``found_in`` to documents: the id of their locale, or else of that of the first page that offers them."""
    first = Subquery(_offered(documents.model).order_by("page").values("locale")[:1])
    return documents.annotate(found_in=Coalesce("language_id", first, output_field=BigIntegerField()))


def found_by_readers(documents):
    """Return those of a queryset of documents that readers of ``found_in`` may find."""
    offered = _offered(documents.model).filter(locale=OuterRef("found_in"))
    return in_open_collections(with_language(documents)).filter(Exists(offered))


def in_open_collections(documents):
    """Return those of a queryset of documents that stand in no restricted collection."""
    place = ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    closed = CollectionViewRestriction.objects.annotate(place=place).filter(place__startswith=F("collection__path"))
    return documents.filter(~Exists(closed))


def _offered(document_model):
    """Return the references of open pages to the document of the outer query, with the ``page`` and its ``locale``."""
    found = references(document_model).filter(to_object_id=Cast(OuterRef("pk"), CharField()))
    # Other things may be counted by something else than numbers; PostgreSQL must not try to cast those.
    page_type = ContentType.objects.get_for_model(Page)
    number = When(base_content_type=page_type, then=Cast("object_id", BigIntegerField()))
    found = found.annotate(page=Case(number, output_field=BigIntegerField()))
    pages = _open_pages().filter(pk=OuterRef("page"))
    return found.annotate(locale=Subquery(pages.values("locale_id")[:1])).filter(locale__isnull=False)
