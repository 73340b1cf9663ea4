"""The team finds pictures and documents by their tags, in the lists of the admin too; readers are offered no tag."""

import pytest

from core.models import Document, Image
from search import suggestions
from tests.factories import body_of, make_article, make_document, make_image
from tests.soak.admin_acts import fields

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MAKE = {"image": make_image, "document": make_document}


def listed(client, kind, typed):
    """Return the titles in the admin's list for what was typed."""
    response = client.get(f"/admin/{kind}s/", {"q": typed})
    assert response.status_code == 200
    return [item.title for item in response.context["object_list"]]


def tag_in_its_form(client, kind, item):
    form = {"image": f"/admin/images/{item.pk}/", "document": f"/admin/documents/edit/{item.pk}/"}[kind]
    shown = dict(fields(client.get(form).text))
    assert client.post(form, shown | {"tags": '"Harbour walls", kappa'}).status_code == 302


def tag_in_bulk(client, kind, item):
    address = f"/admin/bulk/core/{kind}/add_tags/?id={item.pk}"
    assert client.post(address, {"tags": '"Harbour walls", kappa'}).status_code == 302


@pytest.mark.parametrize("tag", [tag_in_its_form, tag_in_bulk])
@pytest.mark.parametrize("kind", MAKE)
def test_lists_of_the_admin_find_by_tags(admin_client, site, kind, tag):
    item = MAKE[kind]("Zeta")
    MAKE[kind]("Other")
    tag(admin_client, kind, item)
    for typed in ("kappa", "kap", "harbour", "zet harb"):
        assert listed(admin_client, kind, typed) == ["Zeta"], typed
    assert listed(admin_client, kind, "lambda") == []
    assert [found.pk for found in type(item).objects.search("kappa")] == [item.pk]


def test_readers_are_offered_titles_and_no_tags(site):
    document = make_document("Full response")
    make_article(site, body=body_of([{"type": "document", "value": {"document": document.pk, "title": ""}}]))
    document.tags.add("harbour")
    document.save()

    def offered(typed):
        return [found["label"] for found in suggestions.suggest(typed, "en")]

    assert offered("full") == ["Full response"]
    assert offered("harb") == []
    assert list(Document.objects.autocomplete("harb")) == [document]
    assert not Image.objects.autocomplete("harb")
