"""Sentences are saved from the editor, from a file and by a machine: what nobody can read is no translation."""

from urllib.parse import quote

import pytest
from wagtail_localize.models import StringSegment, StringTranslation

from tests.factories import make_article
from translation import memory, po
from translation.tests.pages import submitted
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
