"""Documents among what is found: which readers may find, how they are shown, and how the index follows their pages.

Whether a document is found depends on pages that offer it (``core.offers``). A task of the database queue brings the
index up to date with them; what is shown is looked up once more by ``cards``.
"""

from django.db import transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django_tasks import task
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, ReferenceIndex
from wagtail.rich_text import extract_references_from_rich_text

from core import offers
from core.blocks.announce import announced
from core.models import Document
from delivery import sites
from search import indexing
from search.models import Entry

DOCUMENTS_AT_ONCE = 20


def cards(document_ids, language):
    """Return what results show of those documents that readers of a language may find now, in one query.

    Args:
        document_ids: ids of documents.
        language: the language code.

    Returns:
        {id: {"url", "file": {"type", "size" in bytes}}}.
    """
    locales = [pk for pk, code in sites.languages().items() if code == language]
    found = offers.found_by_readers(Document.objects.filter(pk__in=document_ids)).filter(found_in__in=locales)
    return {
        document.pk: {
            "url": document.url,
            "file": {"type": document.file_extension.upper(), "size": document.file_size},
        }
        for document in found
    }


def offered_by(page_ids):
    """Return the ids of the documents that pages refer to, as the reference index knows it."""
    found = offers.references(Document).filter(object_id__in=[str(pk) for pk in page_ids])
    return {int(pk) for pk in found.values_list("to_object_id", flat=True)}


def offered_in(page):
    """Return the ids of the documents in the text of a page, whatever the reference index says, without a query."""
    found = []
    for field in page._meta.concrete_fields:
        if isinstance(field, StreamField):
            found += announced(getattr(page, field.attname))
        elif isinstance(field, RichTextField):
            references = extract_references_from_rich_text(getattr(page, field.attname) or "")
            found += [(model, pk) for model, pk, *_path in references]
    return {int(pk) for model, pk in found if model is Document}


def forget_references(page, document_ids):
    """Let a page offer some documents no longer, before Wagtail's own task notices."""
    offers.references(Document).filter(
        object_id=str(page.pk), to_object_id__in=[str(pk) for pk in document_ids]
    ).delete()


def follow_page(page_ids, document_ids=()):
    """Bring the documents of pages up to date after the commit.

    Args:
        page_ids: pages that changed, or are about to be deleted.
        document_ids: documents that they offered before.
    """
    found = sorted(offered_by(page_ids) | set(document_ids))
    if found:
        transaction.on_commit(lambda: look_again.enqueue(found, list(page_ids)))


def follow_all():
    """Bring all documents up to date after the commit: a whole section or collection has changed."""
    transaction.on_commit(look_again.enqueue)


@task()
def look_again(document_ids=None, page_ids=()):
    """Bring the entries of documents up to date where pages offer them differently now (background task).

    Args:
        document_ids: the ids of the documents, or None for all.
        page_ids: pages whose references are looked at first; Wagtail's own task may come later.
    """
    for page in Page.objects.filter(pk__in=page_ids).specific():
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(page)
    documents = Document.objects.all()
    if document_ids is not None:
        documents = documents.filter(pk__in={*document_ids, *offered_by(page_ids)})
    outdated = _outdated(documents)
    for start in range(0, len(outdated), DOCUMENTS_AT_ONCE):
        indexing.refresh_stored(Document, outdated[start : start + DOCUMENTS_AT_ONCE])


def _outdated(documents):
    """Return the ids of the documents whose entries are wrong about the language, or about being found by readers."""
    found = set(offers.found_by_readers(documents).values_list("pk", flat=True))
    locales = offers.with_language(documents).values_list("pk", "found_in")
    wanted = {pk: (sites.languages().get(locale, ""), pk in found) for pk, locale in locales}
    keys = documents.order_by().values(text=Cast("pk", CharField()))
    entries = Entry.objects.filter(content_type=indexing.type_of(Document), object_id__in=keys)
    known = {int(pk): values for pk, *values in entries.values_list("object_id", "language", "is_listed")}
    return sorted(pk for pk, values in wanted.items() if known.get(pk) != [*values])
