"""Sentences are saved: what nobody can read is no translation, and nobody writes over words that they have not seen."""

import json
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation

from tests.factories import make_article
from translation import memory, po
from translation.models import Review
from translation.tests.pages import submitted, translate_all
from translation.tests.people import WELSH, person
from translation.tests.test_po import entry_of, upload
from translation.tests.test_rights import address, put

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BLANK = ["", "  ", "\u00a0", "&nbsp;", "\u200b", "<b> </b>", "<br/>"]


@pytest.fixture
def work(site):
    return submitted(make_article(site, "The plan"))


def title_url(translation):
    segment = StringSegment.objects.get(source=translation.source, context__path="title")
    return address("edit_string_translation", translation.pk, segment.pk)


@pytest.mark.parametrize("value", BLANK)
def test_what_nobody_sees_is_not_saved_and_the_translator_is_told(client, work, value):
    client.force_login(person(WELSH))
    said = put(client, title_url(work), quote(value)).json()
    assert (said["data"], said["error"]) == (value, "Nothing was saved: there is no word in this.")
    assert not StringTranslation.objects.exists()
    assert put(client, title_url(work), "Y cynllun").status_code == 201
    put(client, title_url(work), quote(value))
    assert StringTranslation.objects.get().data == "Y cynllun"


def test_a_title_that_is_too_long_is_kept_and_shown_cut(client, work):
    client.force_login(person(WELSH))
    assert put(client, title_url(work), quote("x" * 300)).json()["data"] == "x" * 300
    assert StringTranslation.objects.get().data == "x" * 300
    assert Page.objects.get(pk=work.get_target_instance().pk).draft_title == "x" * 255


@pytest.mark.parametrize("value", BLANK[1:])
def test_what_nobody_sees_in_a_file_is_left_out_and_told(client, work, value):
    file = po.exported(work)
    entry_of(file, "The plan").msgstr = value
    said = upload(client, work, str(file).encode())
    assert any("no words" in message and "The plan" in message for message in said)
    assert not StringTranslation.objects.exists()


def test_a_sentence_that_is_not_translated_in_a_file_is_nothing_to_tell(client, work):
    said = upload(client, work, str(po.exported(work)).encode())
    assert said == ["0 sentences taken in."]


@pytest.mark.parametrize("value", ["?", "—", "<b>5</b>", "ك", "😀"])
def test_a_single_sign_is_a_translation(value):
    assert not memory.is_blank(value)


class Translator:
    """Somebody who has the editor of a translation open, and writes its title."""

    def __init__(self, name, translation):
        self.client, self.translation = Client(), translation
        self.client.force_login(person(WELSH, name))
        self.open()

    def open(self):
        page = self.translation.get_target_instance()
        response = self.client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        props = json.loads(response.context["props"])
        self.url = next(item["editUrl"] for item in props["segments"] if item["contentPath"] == "title")

    def save(self, words):
        return put(self.client, self.url, quote(words)).json()


@pytest.fixture(params=["not translated", "translated"])
def both(request, work):
    if request.param == "translated":
        translate_all(work)
    return Translator("ann", work), Translator("robert", work)


def title(translation):
    return StringTranslation.objects.get(context__path="title", locale=translation.target_locale).data


def test_who_saves_over_words_they_have_not_seen_is_shown_them_and_can_save_again(both, work):
    ann, bob = both
    assert not bob.save("Geiriau Bob")["error"]
    said = ann.save("Geiriau Ann")
    assert said["data"] == "Geiriau Ann"
    assert "Geiriau Bob" in said["error"]
    assert title(work) == "Geiriau Bob"
    assert not ann.save("Geiriau Ann")["error"]
    assert title(work) == "Geiriau Ann"


def test_what_was_shown_once_is_shown_again_where_it_changed_again(both, work):
    ann, bob = both
    bob.save("Geiriau Bob")
    ann.save("Geiriau Ann")
    bob.save("Gwell eto")
    assert "Gwell eto" in ann.save("Geiriau Ann")["error"]
    assert title(work) == "Gwell eto"


def test_who_has_seen_the_words_of_another_saves_at_once(both, work):
    ann, bob = both
    bob.save("Geiriau Bob")
    ann.open()
    assert not ann.save("Geiriau Ann")["error"]
    assert title(work) == "Geiriau Ann"


def test_ones_own_words_and_the_same_words_are_no_clash(both, work):
    ann, bob = both
    for words in ("Un", "Dau", "Tri"):
        assert not ann.save(words)["error"]
    assert not bob.save("Tri")["error"]


def test_unseen_words_are_not_emptied_away(both, work):
    ann, bob = both
    bob.save("Geiriau Bob")
    assert ann.client.delete(ann.url).status_code == 409
    assert title(work) == "Geiriau Bob"
    ann.open()
    assert ann.client.delete(ann.url).status_code == 200


@pytest.mark.parametrize("tool", [memory.TOOL, "DeepL"])
def test_what_a_program_filled_in_meanwhile_gives_way(work, tool):
    ann = Translator("ann", work)
    translate_all(work)
    row = StringTranslation.objects.get(context__path="title", locale=work.target_locale)
    StringTranslation.objects.filter(pk=row.pk).update(tool_name=tool, has_error=tool != memory.TOOL)
    if tool != memory.TOOL:
        Review.objects.create(translation=row, reason=Review.Reason.MACHINE)
    assert not ann.save("Geiriau Ann")["error"]
    assert title(work) == "Geiriau Ann"
