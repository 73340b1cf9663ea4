"""What translators put in the place of the source's: an address is one, and what is chosen is there."""

import json

import pytest
from django.test.client import MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from wagtail_localize.models import OverridableSegment, SegmentOverride

from tests.factories import body_of, make_article, make_image
from translation.tests.pages import publish, submitted, translate_all
from translation.tests.people import WELSH, person

pytestmark = pytest.mark.django_db
SOURCE, WELSH_ADDRESS = "https://a.example/", "https://a.example/cy/?a=1&b=2"
LINK = {"page": None, "url": SOURCE, "label": "Go"}
BODIES = {
    "button": {"type": "call_to_action", "value": LINK | {"text": ""}},
    "link of a list": {"type": "link_list", "value": {"title": "More", "links": [LINK]}},
    "link in a text": {"type": "paragraph", "value": f'<p><a href="{SOURCE}">Go</a></p>'},
}


@pytest.fixture(params=BODIES)
def welsh(request, site):
    """An article with a link to another site, in work in Welsh."""
    welsh = submitted(make_article(site, "Links", body=body_of([BODIES[request.param]])))
    translate_all(welsh)
    return welsh


def put(client, translation, value, data=SOURCE):
    """Send a value as the editor does, and return the status and what is answered."""
    client.force_login(person(WELSH))
    segment = OverridableSegment.objects.get(source=translation.source, data_json=json.dumps(data))
    sent = encode_multipart("BoUnDaRyStRiNg", {"value": value})
    address = reverse("wagtail_localize:edit_override", args=[translation.pk, segment.pk])
    response = client.put(address, sent, content_type=MULTIPART_CONTENT)
    return response.status_code, response.json()


@pytest.mark.parametrize("value", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_what_would_run_is_not_taken_and_the_translator_is_told(
    client, welsh, value, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        status, said = put(client, welsh, value)
        assert (status, said["data"], said["error"]) == (200, value, "Enter a valid URL.")
        assert not SegmentOverride.objects.filter(data_json=json.dumps(value)).exists()
        page = publish(welsh)
    html = client.get(page.url).content.decode()
    assert f'href="{SOURCE}"' in html
    assert value.strip() not in html


def test_another_address_is_taken(client, welsh, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert put(client, welsh, WELSH_ADDRESS)[0] == 201
        page = publish(welsh)
    assert f'href="{WELSH_ADDRESS.replace("&", "&amp;")}"' in client.get(page.url).content.decode()


@pytest.mark.parametrize("value", ["mailto:name@a.example", "tel:+441134960132", "/cy/newyddion/", "#nodiadau"])
def test_links_in_a_text_may_lead_where_an_editors_may(client, site, value):
    welsh = submitted(make_article(site, "Links", body=body_of([BODIES["link in a text"]])))
    assert put(client, welsh, value)[0] == 201


def test_what_is_no_address_is_taken_as_before(client, site):
    welsh = submitted(make_article(site, "The plan", slug="the-plan"))
    assert put(client, welsh, "y-cynllun", data="the-plan")[0] == 201


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("value=x", "application/json"),
        ("value=x", "multipart/form-data"),
        ("other=value=", "application/x-www-form-urlencoded"),
        ("value=a%00b", "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize("name", ["edit_override", "edit_string_translation"])
def test_what_brings_no_value_is_refused(client, site, sent, kind, name):
    source = (welsh := submitted(make_article(site, "The plan"))).source
    segments = source.overridablesegment_set if name == "edit_override" else source.stringsegment_set
    client.force_login(person(WELSH))
    address = reverse(f"wagtail_localize:{name}", args=[welsh.pk, segments.first().pk])
    assert client.put(address, sent, content_type=kind).status_code == 400


@pytest.fixture
def chosen(site):
    """An article in work in Welsh whose pictures, kind and topic were chosen, and its parts by their path."""
    picture = {"image": make_image("Inside").pk, "alt_text": "A", "decorative": False}
    body = body_of([{"type": "image", "value": picture}, {"type": "call_to_action", "value": LINK | {"text": ""}}])
    fields = {"lead_image": make_image("Above"), "lead_image_alt": "A", "topics": [site.topic]}
    welsh = submitted(make_article(site, "The plan", body=body, **fields))
    translate_all(welsh)
    found = OverridableSegment.objects.filter(source=welsh.source).select_related("context")
    return welsh, {segment.context.field_path: segment for segment in found}


def put_at(client, translation, segment, value):
    client.force_login(person(WELSH))
    address = reverse("wagtail_localize:edit_override", args=[translation.pk, segment.pk])
    return client.put(address, encode_multipart("BoUnDaRyStRiNg", {"value": value}), content_type=MULTIPART_CONTENT)


def editor(client, translation):
    client.force_login(person(WELSH))
    return client.get(reverse("wagtailadmin_pages:edit", args=[translation.get_target_instance().pk]))


@pytest.mark.parametrize("value", ["", "abc", "1.5", "-1", "999999", "9" * 20])
def test_what_names_nothing_there_is_not_taken_and_the_editor_opens(
    client, chosen, value, django_capture_on_commit_callbacks
):
    welsh, parts = chosen
    for path in ("lead_image", "kind", "article_topics.topic", "body.image.image"):
        response = put_at(client, welsh, parts[path], value)
        assert (response.status_code, bool(response.json()["error"])) == (200, True), path
    assert not SegmentOverride.objects.exists()
    assert editor(client, welsh).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(welsh)
    assert type(page).objects.get(pk=page.pk).live


@pytest.mark.parametrize("value", ["", "abc", "1.5", "9" * 20])
def test_whatever_was_stored_before_an_editor_opens_and_publishes(
    client, chosen, value, django_capture_on_commit_callbacks
):
    welsh, parts = chosen
    for path in ("lead_image", "body.image.image"):
        mine = {"locale": welsh.target_locale, "context": parts[path].context}
        SegmentOverride.objects.create(**mine, data_json=json.dumps(value))
    assert editor(client, welsh).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(welsh)
    assert type(page).objects.get(pk=page.pk).live


@pytest.mark.parametrize("path", ["lead_image", "body.image.image"])
def test_another_picture_is_taken_and_shown_in_the_editor(client, chosen, path, django_capture_on_commit_callbacks):
    welsh, parts = chosen
    other = make_image("Welsh")
    assert put_at(client, welsh, parts[path], str(other.pk)).status_code == 201
    props = json.loads(editor(client, welsh).context["props"])
    assert parts[path].pk in [item["id"] for item in props["segments"]]
    assert [str(item["data"]) for item in props["initialOverrides"]] == [str(other.pk)]
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(welsh)
    page = type(page).objects.get(pk=page.pk)
    assert other in (page.lead_image, page.body[0].value["image"])
