"""A prepared query finds what the same queryset finds, for any number of values."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from core.models import Image
from delivery import due, generation, routing
from delivery.prepared import Prepared
from news.models import ArticlePage
from tests.factories import body_of, make_article, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def known(item):
    return {name: value for name, value in item.__dict__.items() if name != "_state"}


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_finds_what_its_queryset_finds(site, count):
    def pages(ids, locale_id):
        found = Page.objects.filter(pk__in=ids, locale_id=locale_id, live=True)
        return found.only("title", "last_published_at", "translation_key").annotate(above=F("depth") - 1)

    ids = [make_article(site, f"Article {number}").pk for number in range(count)]
    prepared = Prepared(pages)
    for _again in range(2):
        found = prepared(ids, site.home.locale_id)
        assert [known(page) for page in found] == [known(page) for page in pages(ids, site.home.locale_id)]
    assert len(found) == count
    # What was left out of the query is asked for as ever.
    assert found[0].slug == "article-0"


def test_compares_with_text_as_with_numbers(site):
    prepared = Prepared(lambda slug: Page.objects.filter(slug=slug, depth__gt=1))
    make_article(site, 'It\'s 100 % "new" \\ or not')
    for page in Page.objects.filter(depth__gt=1):
        assert page.pk in [one.pk for one in prepared(page.slug)]
    assert prepared("'; drop table wagtailcore_page; --") == []


def test_writes_its_sql_once(site):
    made = []
    prepared = Prepared(lambda ids: made.append(1) or Image.objects.filter(pk__in=ids))
    images = [make_image(f"Image {number}").pk for number in range(8)]
    for count in range(1, 9):
        assert {image.pk for image in prepared(images[:count])} == set(images[:count])
    # For one, two, four and eight.
    assert len(made) == 4


def test_compares_with_uuids_and_gives_tuples_in_any_union(site):
    def keys_of(keys, locale_id):
        pages = Page.objects.filter(translation_key__in=keys, locale_id=locale_id).order_by()
        named = pages.values_list("translation_key", "title")
        return named.filter(depth=2).union(named.filter(depth=4)).order_by("title")

    articles = [make_article(site, f"Article {number}") for number in range(3)]
    keys = [page.translation_key for page in (site.home, *articles)]
    prepared = Prepared(keys_of)
    for count in (4, 3, 4, 1):
        assert prepared(keys[:count], site.home.locale_id) == list(keys_of(keys[:count], site.home.locale_id))
    assert prepared(keys, site.home.locale_id)[0] == (articles[0].translation_key, "Article 0")


def test_what_ends_and_is_over_is_left_out_while_its_end_is_not_done_yet(site):
    def shown(ids):
        return due.not_over(Page.objects.filter(pk__in=ids, live=True))

    ids = [make_article(site, f"Article {number}").pk for number in range(2)]
    prepared = Prepared(shown)
    assert {page.pk for page in prepared(ids)} == {*ids}
    for end, left in ((timezone.now(), ids[:1]), (None, ids), (timezone.now(), ids[:1])):
        Page.objects.filter(pk=ids[1]).update(expire_at=end)
        generation.forget()
        generation.poll()
        assert sorted(page.pk for page in prepared(ids)) == left


def test_refuses_what_it_would_get_wrong(site):
    with pytest.raises(TypeError, match="one model"):
        Prepared(lambda pk: Page.objects.filter(pk=pk).select_related("locale"))(1)
    with pytest.raises(TypeError, match="one model"):
        Prepared(lambda pk: Page.objects.filter(pk=pk).values("pk"))(1)
    with pytest.raises(TypeError, match="one model"):
        Prepared(lambda pk: Page.objects.filter(pk=pk).values_list("pk", flat=True))(1)
    with pytest.raises(TypeError, match="compared"):
        Prepared(lambda pk: Page.objects.all())(1)


def test_a_page_comes_in_its_own_type_with_what_was_known_of_it(site):
    article = make_article(site, body=body_of([{"type": "paragraph", "value": "<p>Words</p>"}]))
    plain = Page.objects.annotate(above=F("depth") - 1).get(pk=article.pk)
    with CaptureQueriesContext(connection) as queries:
        found = routing.specific(plain)
    assert len(queries) == 1
    fresh = ArticlePage.objects.get(pk=article.pk)
    assert isinstance(found, ArticlePage)
    assert found.above == 3
    assert known(found).items() >= {name: getattr(fresh, name) for name in ("title", "kind_id", "published_on")}.items()
    assert found.body[0].value.source == "<p>Words</p>"


def test_a_page_whose_type_is_gone_stays_as_it_is(site):
    page = SimpleNamespace(specific_class=None)
    assert routing.specific(page) is page
