"""Documents are found by readers as long as a page of theirs offers them, and no longer."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction
from wagtail.signal_handlers import disable_reference_index_auto_update

from core.models import Document
from core.tests import file_making
from delivery import generation
from news.models import ArticlePage
from search import documents, indexing
from search.models import Entry
from tests.factories import body_of, every_block, make_article, make_document

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LINK = '<p>See <a linktype="document" id="{}">the response</a>.</p>'
WAYS = {
    "a block": lambda pk: {"body": body_of([{"type": "document", "value": {"document": pk, "title": ""}}])},
    "a link in the text": lambda pk: {"body": body_of([{"type": "paragraph", "value": LINK.format(pk)}])},
    "a download": lambda pk: {"downloads": [("download", {"document": Document.objects.get(pk=pk), "title": ""})]},
    "a footnote": lambda pk: {"body": body_of([{"type": "footnotes", "value": {"notes": [LINK.format(pk)]}}])},
}


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Whatever follows a commit happens at the end of each ``with committed():``."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def document(site, committed):
    """A document that was uploaded."""
    with committed():
        made = make_document("Full response", "response.docx", file_making.docx("Ymateb llawn: pharmacovigilance"))
    return Document.objects.get(pk=made.pk)


@pytest.fixture
def offer(site, committed):
    """Make an article that offers a document."""

    def make(document, title="The response", way="a block", **fields):
        with committed():
            article = make_article(site, title, **WAYS[way](document.pk), **fields)
        return ArticlePage.objects.get(pk=article.pk)

    return make


def found():
    """Return {language: titles} of what the index says that readers find, which must be what is open now."""
    generation.forget()
    entries = Entry.objects.filter(content_type=indexing.type_of(Document), is_listed=True)
    said = {}
    for entry in entries:
        said.setdefault(entry.language, []).append(entry.title)
        assert documents.cards([entry.object_id], entry.language).keys() == {int(entry.object_id)}
    return said


def is_open(document, language="en"):
    generation.forget()
    return document.pk in documents.cards([document.pk], language)


def test_upload_alone_is_not_found(document):
    assert found() == {} and not is_open(document)
    assert Entry.objects.get(content_type=indexing.type_of(Document)).title == "Full response"


@pytest.mark.parametrize("way", WAYS)
def test_document_is_found_when_a_page_that_offers_it_is_published(document, offer, committed, way):
    article = offer(document, way=way, live=False)
    with committed():
        article.save_revision()
    assert found() == {} and not is_open(document)
    with committed():
        article.get_latest_revision().publish()
    assert found() == {"en": ["Full response"]}


def test_every_block_that_can_offer_a_document_does(site, committed):
    blocks = every_block(site)
    with committed():
        article = make_article(site, "All", body=body_of(blocks))
    assert documents.offered_in(article) == documents.offered_by([article.pk]) == {Document.objects.get().pk}
    table = [block for block in blocks if block["type"] in ("table", "questions")]
    for block in table:
        other = make_article(site, block["type"], body=body_of([block]))
        assert documents.offered_by([other.pk]) == documents.offered_in(other) == {Document.objects.get().pk}


def test_draft_of_a_live_page_offers_nothing_yet(document, site, committed):
    with committed():
        article = make_article(site, "The response")
    article.body = WAYS["a block"](document.pk)["body"]
    with committed():
        article.save_revision()
    assert found() == {} and not is_open(document)
    with committed():
        article.get_latest_revision().publish()
    assert found() == {"en": ["Full response"]}


def take_out(article):
    article.body = body_of([])
    article.save_revision().publish()


def put_below_a_password(article):
    section = article.get_parent()
    members = section.get_parent().add_child(instance=Page(title="Members", slug="members", locale=article.locale))
    PageViewRestriction.objects.create(page=members, restriction_type="password", password="x")
    Page.objects.get(pk=section.pk).move(members, "last-child")


def expire(article):
    article.expire_at = timezone.now() - timedelta(minutes=1)
    article.save()
    call_command("publish_scheduled")


CHANGES = {
    "unpublish": lambda article: article.unpublish(),
    "unpublish by a program": lambda article: (setattr(article, "live", False), article.save()),
    "delete": lambda article: Page.objects.get(pk=article.pk).delete(),
    "delete the section": lambda article: article.get_parent().delete(),
    "take the document out": take_out,
    "restrict": lambda article: PageViewRestriction.objects.create(page=article.page_ptr, restriction_type="login"),
    "restrict the section": lambda article: PageViewRestriction.objects.create(
        page=article.get_parent(), restriction_type="login"
    ),
    "move the section": put_below_a_password,
    "expire": expire,
    "unlist": lambda article: (setattr(article, "is_unlisted", True), article.save()),
    "close the language": lambda article: article.get_parent().get_parent().specific.unpublish(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_document_is_no_longer_found(document, offer, committed, change):
    article = offer(document)
    assert found() == {"en": ["Full response"]}
    with committed():
        CHANGES[change](article)
        assert not is_open(document)
    assert found() == {} and not is_open(document)


@pytest.mark.parametrize("change", ["take the document out", "unlist", "restrict", "delete"])
def test_document_that_another_page_offers_is_still_found(document, offer, committed, change):
    article = offer(document)
    offer(document, "Another", way="a link in the text")
    with committed():
        CHANGES[change](article)
    assert found() == {"en": ["Full response"]} and is_open(document)


def test_nothing_private_is_shown_while_wagtails_task_is_late(document, offer, committed):
    article = offer(document)
    with disable_reference_index_auto_update(), committed():
        take_out(article)
        assert not is_open(document)
    assert found() == {}


def test_index_follows_while_wagtails_task_is_late(document, site, committed):
    with disable_reference_index_auto_update(), committed():
        make_article(site, "The response", **WAYS["a download"](document.pk))
    assert found() == {"en": ["Full response"]}


def test_opened_again_it_is_found_again(document, offer, committed):
    article = offer(document)
    with committed():
        restriction = PageViewRestriction.objects.create(page=article.page_ptr, restriction_type="login")
    with committed():
        restriction.delete()
    assert found() == {"en": ["Full response"]}


def test_closed_collections_are_closed_with_what_is_below(document, offer, committed):
    offer(document)
    with committed():
        closed = Collection.get_first_root_node().add_child(instance=Collection(name="Closed"))
        below = closed.add_child(instance=Collection(name="Below"))
        document.collection = below
        document.save()
    assert found() == {"en": ["Full response"]}
    with committed():
        restriction = CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
        assert not is_open(document)
    assert found() == {}
    with committed():
        restriction.delete()
    assert found() == {"en": ["Full response"]}


def test_collection_moved_below_a_closed_one_is_closed(document, offer, committed):
    offer(document)
    root = Collection.get_first_root_node()
    with committed():
        closed = root.add_child(instance=Collection(name="Closed"))
        own = Collection.get_first_root_node().add_child(instance=Collection(name="Own"))
        CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
        document.collection = own
        document.save()
    assert found() == {"en": ["Full response"]}
    with committed():
        # As the admin does.
        Collection.objects.get(pk=own.pk).move(Collection.objects.get(pk=closed.pk), "sorted-child")
        Collection.objects.get(pk=own.pk).save()
    assert found() == {} and not is_open(document)


def test_document_is_of_the_language_of_the_first_page_that_offers_it(document, site, offer, committed):
    welsh = offer(document, "Yr ymateb", language="cy")
    assert found() == {"cy": ["Full response"]}
    offer(document, "The response")
    assert found() == {"cy": ["Full response"]} and not is_open(document, "en")
    with committed():
        welsh.unpublish()
    assert found() == {"en": ["Full response"]}


def test_document_of_a_language_is_found_by_its_readers_where_a_page_of_theirs_offers_it(document, offer, committed):
    offer(document, "The response")
    document.language = Locale.objects.get(language_code="cy")
    with committed():
        document.save()
    assert found() == {} and not is_open(document, "en") and not is_open(document, "cy")
    offer(document, "Yr ymateb", language="cy")
    assert found() == {"cy": ["Full response"]}
    document.language = Locale.objects.get(language_code="en")
    with committed():
        document.save()
    assert found() == {"en": ["Full response"]}


def test_alias_offers_nothing_in_its_language(document, offer, committed):
    article = offer(document, "The response", live=False)
    with committed():
        alias = article.copy_for_translation(Locale.objects.get(language_code="cy"), copy_parents=True, alias=True)
        ArticlePage.objects.filter(pk=alias.pk).update(live=True)
        ArticlePage.objects.get(pk=alias.pk).save()
    assert found() == {} and not is_open(document, "cy")


def test_deleted_document_is_gone(document, offer, committed):
    offer(document)
    with committed():
        Document.objects.get().delete()
    assert found() == {} and not is_open(document)


def test_words_of_the_file_are_indexed_when_they_are_read(document):
    entry = Entry.objects.get(content_type=indexing.type_of(Document))
    assert "pharmacovigilance" in entry.text.text


def test_looking_at_many_documents_takes_as_many_questions_as_one(site, offer, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(generation, "POLL_SECONDS", 3_600)
    made = [make_document(f"Paper {number}") for number in range(3)]
    for document in made:
        offer(document, document.title)
    ids = [document.pk for document in made]
    documents.cards(ids, "en")
    with django_assert_num_queries(1):
        found = documents.cards(ids, "en")
    assert found.keys() == set(ids)
    assert found[ids[0]] == {"url": made[0].url, "file": {"type": "PDF", "size": 14}}
    with django_assert_num_queries(3):
        documents.look_again.call()


def test_nothing_is_queued_for_pages_without_documents(site, monkeypatch, committed):
    monkeypatch.setattr(documents, "look_again", None)
    with committed():
        article = make_article(site, "Plain")
        article.title = "Plainer"
        article.save()
        article.unpublish()


def test_typing_in_a_draft_queues_nothing(document, offer, monkeypatch, committed):
    article = offer(document, live=False)
    live = offer(document, "Live")
    monkeypatch.setattr(documents, "look_again", None)
    with committed():
        article.save()
        live.save_revision()
