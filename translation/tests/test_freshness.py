"""A translation is known to be out of date from the moment its source is published with other words."""

import pytest
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation

from delivery import generation, translations
from news.models import Topic
from tests.factories import body_of, make_article, make_image
from translation import freshness, publishing
from translation.models import Freshness, Review
from translation.tests.pages import edit, publish, submitted, translate_all

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def paragraphs(*texts):
    return body_of([{"type": "paragraph", "value": "".join(f"<p>{text}</p>" for text in texts)}])


@pytest.fixture
def pair(site, django_capture_on_commit_callbacks):
    """A live English article and its live, finished Welsh translation."""
    article = make_article(site, "The plan", body=paragraphs("We welcome the plan.", "It is a good plan."))
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    return article, translation


def is_outdated(translation):
    generation.forget()
    return translations.outdated(translation.source.object_id, translation.target_locale_id)


def test_a_translation_is_outdated_as_soon_as_its_source_is_published_with_other_words(pair):
    article, translation = pair
    assert not is_outdated(translation)
    edit(article, summary="Something new.")
    stale = is_outdated(translation)
    assert stale.source_locale_id == article.locale_id


def test_a_draft_of_the_source_changes_nothing(pair):
    article, translation = pair
    article.summary = "Only thought of"
    article.save_revision()
    assert not is_outdated(translation)


def test_other_facts_do_not_make_it_outdated(pair):
    article, translation = pair
    edit(article, lead_image=make_image(), lead_image_is_decorative=True)
    assert not is_outdated(translation)


def test_the_old_words_again_make_it_fresh(pair):
    article, translation = pair
    before = article.summary
    edit(article, summary="Something new.")
    assert is_outdated(translation)
    edit(article, summary=before)
    assert not is_outdated(translation)


def test_publishing_the_whole_translation_makes_it_fresh(pair, django_capture_on_commit_callbacks):
    article, translation = pair
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, summary="Something new.")
    translation.source.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    assert is_outdated(translation), "one sentence is still in review"
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    assert not is_outdated(translation)


def test_a_small_change_keeps_the_old_sentence_for_review_and_shows_the_difference(
    pair, django_capture_on_commit_callbacks
):
    article, translation = pair
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, body=with_text(article, "We welcome the plan!", "It is a good plan."))
    review = Review.objects.get()
    assert review.previous_source == "We welcome the plan."
    assert review.translation.data == "Cyf: We welcome the plan."
    assert "plan." in review.translation.get_error()
    assert "plan!" in review.translation.get_error()
    assert publishing.open_sentences(translation) == (0, 1)
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(translation)
    page.refresh_from_db()
    assert "Cyf: We welcome the plan." in str(page.body)
    assert "plan!" not in str(page.body)


def with_text(article, *texts):
    """Return the article's body with other paragraphs in the same block."""
    body = article.body.get_prep_value()
    body[0]["value"] = "".join(f"<p>{text}</p>" for text in texts)
    return article.body.stream_block.to_python(body)


def test_an_entirely_new_sentence_waits_for_a_translation(pair, django_capture_on_commit_callbacks):
    article, translation = pair
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, body=with_text(article, "We welcome the plan.", "It is a good plan.", "Zebras graze elsewhere."))
    assert publishing.open_sentences(translation) == (1, 0)


def test_saving_a_sentence_ends_its_review(pair, django_capture_on_commit_callbacks):
    article, translation = pair
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, body=with_text(article, "We welcome the plan!", "It is a good plan."))
    review = Review.objects.get()
    StringTranslation.objects.update_or_create(
        translation_of=review.translation.translation_of,
        context=review.translation.context,
        locale=translation.target_locale,
        defaults={"data": "Croesawn y cynllun!", "has_error": False},
    )
    assert not Review.objects.exists()
    assert publishing.open_sentences(translation) == (0, 0)


def test_a_sentence_translated_on_another_page_is_taken_over(pair, site):
    _article, first = pair
    other = make_article(site, "Another", body=paragraphs("We welcome the plan.", "Nobody has said this yet."))
    second = submitted(other)
    known = StringTranslation.objects.get(
        context__object_id=other.translation_key, translation_of__data="We welcome the plan."
    )
    assert known.data == "Cyf: We welcome the plan."
    assert not known.has_error
    assert known.tool_name == "Translation memory"
    assert publishing.open_sentences(second)[0] == 2
    assert first.source_id != second.source_id


def test_pages_made_by_a_program_are_followed_too(site):
    english = make_article(site, "By a program")
    welsh = make_article(site, "Gan raglen", language="cy", translation_key=english.translation_key)
    edit(english, summary="Other words.")
    row = Freshness.objects.get(translation_key=welsh.translation_key)
    assert row.source_changed_on
    assert freshness.accept(welsh)
    row.refresh_from_db()
    assert row.source_changed_on is None


def test_a_welsh_first_article_is_the_source_of_its_english_translation(site, django_capture_on_commit_callbacks):
    welsh = make_article(site, "Erthygl", language="cy")
    translation = submitted(welsh, "en")
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    edit(welsh, summary="Geiriau eraill.")
    assert is_outdated(translation).source_locale_id == welsh.locale_id
    assert not translations.outdated(welsh.translation_key, welsh.locale_id)


def test_snippets_are_followed_as_pages_are(site):
    topic = site.topic
    Freshness.objects.all().delete()
    freshness.adopt()
    topic.name = "Policies"
    topic.save_revision().publish()
    generation.forget()
    assert translations.outdated(topic.translation_key, Locale.objects.get(language_code="cy").pk)
    assert Topic.objects.get(slug="polisi").name == "Polisi"


def test_a_deleted_translation_leaves_nothing_behind(pair):
    article, translation = pair
    mine = Freshness.objects.filter(translation_key=article.translation_key)
    assert mine.exists()
    translation.get_target_instance().delete()
    assert not mine.exists()


def test_a_translation_whose_source_was_deleted_is_out_of_date_no_more(pair):
    """Nothing it could be brought up to date with is left: it was called out of date for good."""
    article, translation = pair
    arabic = submitted(article, "ar")
    edit(article, summary="Something new.")
    assert is_outdated(translation)
    type(article).objects.get(pk=article.pk).delete()
    assert not is_outdated(translation)
    assert not is_outdated(arabic)


def test_a_deleted_translation_leaves_what_is_known_of_the_others(pair):
    article, translation = pair
    arabic = submitted(article, "ar")
    edit(article, summary="Something new.")
    arabic.get_target_instance().delete()
    assert is_outdated(translation)


def test_what_is_adopted_counts_as_up_to_date(site):
    english = make_article(site, "Imported")
    make_article(site, "Mewnforiwyd", language="cy", translation_key=english.translation_key)
    Freshness.objects.all().delete()
    assert freshness.adopt() > 0
    assert freshness.adopt() == 0
    assert not Freshness.objects.filter(source_changed_on__isnull=False).exists()


def test_segments_that_did_not_change_keep_their_rows(pair, django_capture_on_commit_callbacks):
    article, translation = pair
    before = set(StringSegment.objects.filter(source=translation.source).values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, summary="Something new.")
    after = set(StringSegment.objects.filter(source=translation.source).values_list("pk", flat=True))
    assert len(after - before) == 1


def test_a_picture_changed_inside_the_body_makes_it_outdated(site, django_capture_on_commit_callbacks):
    figure = {"image": make_image("One").pk, "alt_text": "A", "decorative": False}
    article = make_article(site, "Shown", body=body_of([{"type": "image", "value": figure}]))
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    body = article.body.get_prep_value()
    body[0]["value"]["image"] = make_image("Two").pk
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, body=article.body.stream_block.to_python(body))
    assert is_outdated(translation)
    translation.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(translation)
    assert type(page).objects.get(pk=page.pk).body[0].value["image"].title == "Two"
    assert not is_outdated(translation)


def test_a_draft_older_than_its_sentences_is_no_translation(site, django_capture_on_commit_callbacks):
    article = make_article(site, "The plan")
    translation = submitted(article)
    page = translation.get_target_instance()
    edit(article, summary="Other words.")
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        page.latest_revision.publish()
    row = Freshness.objects.get(translation_key=article.translation_key)
    accepted = freshness.fingerprint(translation.source.as_instance())
    assert row.fingerprint != accepted or row.source_changed_on


def test_first_published_with_a_sentence_in_review_it_is_outdated(site, django_capture_on_commit_callbacks):
    article = make_article(site, "The plan")
    translation = submitted(article)
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        edit(article, summary="What it says in shorts.")
    with django_capture_on_commit_callbacks(execute=True):
        publish(translation)
    assert is_outdated(translation)
