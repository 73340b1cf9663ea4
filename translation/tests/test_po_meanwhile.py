"""A PO file comes back after colleagues went on: what somebody wrote meanwhile is not undone by older words."""

import pytest
from wagtail_localize.models import StringTranslation

from tests.factories import body_of, make_article
from translation import po
from translation.models import Review
from translation.tests.pages import submitted, translate_all
from translation.tests.people import WELSH, person
from translation.tests.test_po import entry_of, take_in, upload

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OLD, NEWER, OWN = "Cyf: The plan", "Geiriau Bob", "Geiriau Ann"


@pytest.fixture
def work(site):
    translation = submitted(make_article(site, "The plan"))
    translate_all(translation)
    return translation


@pytest.fixture
def bob(db):
    return person(WELSH, "bob")


def title_of(translation):
    return StringTranslation.objects.get(context__path="title", locale=translation.target_locale)


def correct(translation, user, words=NEWER):
    """Save the title as the editor does."""
    row = title_of(translation)
    row.data, row.tool_name, row.has_error, row.last_translated_by = words, "", False, user
    row.save()


def downloaded(translation):
    """Return a PO file as it comes back from a translator's program."""
    return po.read(str(po.exported(translation)).encode())


def test_what_a_colleague_corrected_after_the_download_stays_and_is_named(work, bob):
    file = downloaded(work)
    correct(work, bob)
    outcome = take_in(work, file)
    assert title_of(work).data == NEWER
    assert (outcome.changed, outcome.newer, outcome.clashing) == (0, [("The plan", NEWER)], [])


def test_what_a_colleague_emptied_after_the_download_stays_empty(work):
    file = downloaded(work)
    title_of(work).delete()
    assert take_in(work, file).newer == [("The plan", "")]
    assert not StringTranslation.objects.filter(context__path="title").exists()


def test_what_both_changed_stays_as_it_is_here_and_the_words_of_the_file_are_told(client, work, bob):
    file = downloaded(work)
    entry_of(file, "The plan").msgstr = OWN
    correct(work, bob)
    said = upload(client, work, str(file).encode())
    assert title_of(work).data == NEWER
    assert any("The plan" in message and OWN in message for message in said)


def test_every_sentence_that_both_changed_is_told(client, site):
    paragraphs = "".join(f"<p>Sentence {letter}.</p>" for letter in "abcdefgh")
    work = submitted(make_article(site, "Long", body=body_of([{"type": "paragraph", "value": paragraphs}])))
    translate_all(work)
    file = downloaded(work)
    for entry in file:
        entry.msgstr = f"Ann: {entry.msgid}"
    for row in StringTranslation.objects.all():
        row.data = "Bob"
        row.save()
    said = " ".join(upload(client, work, str(file).encode()))
    assert len(file) > 8
    assert all(f"Ann: {entry.msgid}" in said for entry in file)


def test_the_report_names_what_stayed_with_its_words(client, work, bob):
    file = downloaded(work)
    correct(work, bob)
    assert any("The plan" in message and NEWER in message for message in upload(client, work, str(file).encode()))


def test_a_file_that_is_sent_again_as_work_goes_on_is_taken_each_time(work):
    file = downloaded(work)
    for words in (OWN, "Gwell eto"):
        entry_of(file, "The plan").msgstr = words
        outcome = take_in(work, file)
        assert (outcome.changed, outcome.clashing) == (1, [])
        assert title_of(work).data == words


def test_a_translator_takes_what_they_sent_back_with_the_same_file(work, bob):
    file = downloaded(work)
    entry_of(file, "The plan").msgstr = OWN
    take_in(work, file)
    entry_of(file, "The plan").msgstr = OLD
    assert po.take_in(file, work, bob).newer == [("The plan", OWN)]
    assert take_in(work, file).changed == 1
    assert title_of(work).data == OLD


@pytest.mark.parametrize("tool", ["Translation memory", "DeepL"])
def test_what_only_a_program_filled_in_meanwhile_gives_way(work, bob, tool):
    title_of(work).delete()
    file = downloaded(work)
    entry_of(file, "The plan").msgstr = OWN
    segment = work.source.stringsegment_set.get(context__path="title")
    row = StringTranslation.objects.create(
        translation_of=segment.string, context=segment.context, locale=work.target_locale, data="x", tool_name=tool
    )
    if tool == "DeepL":
        StringTranslation.objects.filter(pk=row.pk).update(has_error=True, last_translated_by=bob)
        Review.objects.create(translation=row, reason=Review.Reason.MACHINE)
    assert take_in(work, file).changed == 1
    assert title_of(work).data == OWN


def test_an_unsure_sentence_that_was_accepted_in_the_file_is_taken(work):
    StringTranslation.objects.filter(pk=title_of(work).pk).update(has_error=True)
    Review.objects.create(translation=title_of(work), reason=Review.Reason.FUZZY)
    file = downloaded(work)
    entry_of(file, "The plan").flags = []
    assert take_in(work, file).changed == 1
    assert not Review.objects.exists()


def test_a_file_that_does_not_say_what_it_was_is_taken_whole(work, bob):
    file = downloaded(work)
    del file.metadata[po.EXPORTED]
    correct(work, bob)
    assert take_in(work, file).changed == 1
    assert title_of(work).data == OLD
