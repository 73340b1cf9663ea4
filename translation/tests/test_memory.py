"""What a sentence is given from what stood at its place before: its words, and what a person must look at."""

import pytest
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation

from news.models import Topic
from tests.factories import body_of, make_article
from translation import freshness, memory, sources
from translation.models import Review
from translation.tests.pages import edit, publish, submitted, translate_all

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SENTENCE = "The plan has {} for all of our members."
EIGHT, NINE, NINE_WORKING = (SENTENCE.format(rules) for rules in ("eight rules", "nine rules", "nine working rules"))


@pytest.fixture
def republish(django_capture_on_commit_callbacks):
    def change(article, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return edit(article, **fields)

    return change


def review_of(words):
    return Review.objects.select_related("translation").get(translation__translation_of__data=words)


def test_a_sentence_changed_twice_is_compared_with_the_one_that_its_translation_was_made_for(site, republish):
    article = make_article(site, "The plan", summary=EIGHT)
    translate_all(submitted(article))
    republish(article, summary=NINE)
    republish(article, summary=NINE_WORKING)
    review = review_of(NINE_WORKING)
    assert review.translation.data == f"Cyf: {EIGHT}"
    assert review.previous_source == EIGHT
    assert "eight" in review.translation.get_error()


def test_once_it_was_looked_at_the_next_change_is_compared_with_what_was_seen(site, republish):
    article = make_article(site, "The plan", summary=EIGHT)
    translate_all(submitted(article))
    republish(article, summary=NINE)
    seen = review_of(NINE).translation
    seen.data, seen.has_error = "Naw rheol.", False
    seen.save()
    republish(article, summary=NINE_WORKING)
    review = review_of(NINE_WORKING)
    assert (review.translation.data, review.previous_source) == ("Naw rheol.", NINE)


@pytest.mark.parametrize("by", ["a person", "DeepL"])
def test_words_that_did_not_fit_in_between_are_compared_with_what_they_were_made_for(site, republish, by):
    later = "The plan has nine entirely new rules for all of our {} too."
    linked = later.format('<a href="https://one.example/">members</a>')
    article = make_article(site, "The plan", body=body_of([{"type": "paragraph", "value": f"<p>{EIGHT}</p>"}]))
    translate_all(submitted(article))
    if by == "DeepL":
        row = StringTranslation.objects.get(translation_of__data=EIGHT)
        StringTranslation.objects.filter(pk=row.pk).update(has_error=True, translation_type="machine", tool_name=by)
        Review.objects.create(translation=row, reason=Review.Reason.MACHINE)
    body = article.body.get_prep_value()
    for words in (linked, later.format("members")):
        body[0]["value"] = f"<p>{words}</p>"
        republish(article, body=article.body.stream_block.to_python(body))
    review = review_of(later.format("members"))
    assert (review.translation.data, review.previous_source) == (f"Cyf: {EIGHT}", EIGHT)


@pytest.mark.parametrize("path", ["title", "name"])
def test_remembered_words_that_are_too_long_for_their_field_are_left_out(site, path):
    def another(slug):
        if path == "title":
            return make_article(site, "The plan", slug=slug)
        return Topic.objects.create(name="The plan", slug=slug, locale=Locale.objects.get(language_code="en"))

    translate_all(submitted(another("one")))
    StringTranslation.objects.filter(context__path=path).update(data="x" * 300)
    other = submitted(another("two"))
    assert path in [segment.context.path for segment in memory.untranslated(other)]
    StringTranslation.objects.filter(context__path=path).update(data="&amp;" * 100)
    third = submitted(another("three"))
    assert path not in [segment.context.path for segment in memory.untranslated(third)]


def test_what_a_translator_saves_while_the_memory_looks_stays_and_the_rest_is_filled(site, monkeypatch):
    translate_all(submitted(make_article(site, "The plan", summary=EIGHT)))
    work = submitted(make_article(site, "The plan", slug="other", summary=EIGHT))
    mine = StringTranslation.objects.filter(context__object_id=work.source.object_id)
    mine.delete()
    before, looked, looks = memory.untranslated(work), memory.untranslated, []
    title = next(segment for segment in before if segment.context.path == "title")
    saved = {"translation_of": title.string, "context": title.context, "locale": work.target_locale}
    StringTranslation.objects.create(**saved, data="Saved meanwhile")

    def late(translation):
        looks.append(translation)
        return before if len(looks) == 1 else looked(translation)

    monkeypatch.setattr(memory, "untranslated", late)
    sources.bring_up_to_date(work.source)
    assert mine.get(context__path="title").data == "Saved meanwhile"
    assert mine.get(context__path="summary").data == f"Cyf: {EIGHT}"


@pytest.fixture
def by_machine(site):
    """An article, and its Welsh translation with a summary by a machine that nobody has looked at."""
    article = make_article(site, "The plan", summary=EIGHT)
    translation = submitted(article)
    translate_all(translation)
    row = StringTranslation.objects.get(context__path="summary", locale=translation.target_locale)
    StringTranslation.objects.filter(pk=row.pk).update(has_error=True, translation_type="machine", tool_name="DeepL")
    Review.objects.create(translation=row, reason=Review.Reason.MACHINE)
    return article, translation


def test_what_a_machine_translated_stays_a_machines_when_its_source_changes(by_machine, republish):
    article, _translation = by_machine
    for words in (NINE, NINE_WORKING):
        republish(article, summary=words)
        review = review_of(words)
        assert (review.reason, review.previous_source) == (Review.Reason.MACHINE, EIGHT)
        assert (review.translation.translation_type, review.translation.tool_name) == ("machine", "DeepL")
        assert "machine" in review.translation.get_error()
        assert "DeepL" in review.translation.get_comment()


def test_a_machines_words_for_an_older_source_are_out_of_date_from_the_first_publication(
    by_machine, republish, django_capture_on_commit_callbacks
):
    article, translation = by_machine
    republish(article, summary=NINE)
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(translation)
    assert freshness.is_outdated(page)


def test_what_was_unsure_in_a_file_stays_unsure_when_its_source_changes(site, republish):
    article = make_article(site, "The plan", summary=EIGHT)
    translate_all(submitted(article))
    row = StringTranslation.objects.get(context__path="summary", locale=Locale.objects.get(language_code="cy"))
    StringTranslation.objects.filter(pk=row.pk).update(has_error=True)
    Review.objects.create(translation=row, reason=Review.Reason.FUZZY)
    republish(article, summary=NINE)
    assert review_of(NINE).reason == Review.Reason.FUZZY


def test_a_draft_that_changed_before_it_went_to_a_second_language_keeps_the_words_of_the_first(site):
    article = make_article(site, "The plan", live=False, summary=EIGHT)
    translate_all(submitted(article))
    article.summary = NINE
    article.save()
    submitted(article, "ar")
    review = review_of(NINE)
    assert (review.translation.locale.language_code, review.previous_source) == ("cy", EIGHT)
