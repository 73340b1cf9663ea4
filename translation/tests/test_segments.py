"""What translators are offered, and what they never are."""

import pytest
from wagtail_localize.models import StringSegment

from core.models import Furniture
from tests.factories import body_of, every_block, make_article, make_image
from translation.tests.pages import publish, submitted, translate_all

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def offered(translation):
    segments = StringSegment.objects.filter(source=translation.source).order_by("order")
    return [
        (segment.context.field_path, segment.string.data) for segment in segments.select_related("context", "string")
    ]


@pytest.fixture
def everything(site):
    """A translation of an article that has every block, every field and every fact."""
    article = make_article(
        site,
        "The plan",
        body=body_of(every_block(site)),
        lead_image=make_image(),
        lead_image_alt="A harbour",
        lead_image_caption="The harbour at dusk",
        lead_image_credit="Us",
        notes_to_editors="<p>Notes for the press.</p>",
        press_contact="Press office",
        seo_title="Plan",
        search_description="About it",
        social_title="Shared",
    )
    article.call_to_action = article.call_to_action.stream_block.to_python(
        [
            {
                "type": "call_to_action",
                "value": {"text": "Have your say", "url": "https://plans.example/", "label": "Read"},
            }
        ]
    )
    article.save()
    return submitted(article)


def test_words_of_every_kind_are_offered(everything):
    words = {text for _path, text in offered(everything)}
    wanted = {
        *("The plan", "What it says in short.", "Plan", "About it", "Shared"),
        *("A harbour", "The harbour at dusk", "Us", "Press office", "Notes for the press."),
        *("A section", "Part of it", "In short", "One", "Two", "It is so.", "Chair of the group"),
        *("Questions", "Why?", "Pictures", "Picture 0", "A caption", "Film", "Words."),
        *("Units", "Nation", "Wales", "61", "units", "Directory", "More"),
        *("Have your say", "Read", "Read on"),
    }
    assert wanted - words == set()
    assert any("See <a id=" in text for text in words), "links are inside their sentence"


def test_ids_dates_addresses_and_choices_are_never_offered(everything):
    for path, text in offered(everything):
        assert not text.startswith(("http", "mailto")), path
        assert "@" not in text, path
        assert not path.endswith((".level", ".decorative", ".url", ".page", ".image", ".document", "published_on")), (
            path
        )
        assert not (text.isdigit() and path != "body.statistic.value"), path


def test_contact_addresses_are_never_offered(site):
    page = site.contact["en"]
    page.phone, page.email, page.address = "0113 496 0132", "team@portal.example", "1 Harbour Street"
    page.opening_hours, page.consent_text = "Nine to five", "We keep it"
    page.save()
    site.contact["ar"].delete()
    words = {text for _path, text in offered(submitted(page, "ar"))}
    assert {"Nine to five", "We keep it"} <= words
    assert not {"0113 496 0132", "team@portal.example", "1 Harbour Street"} & words


def test_furniture_is_offered_with_its_buttons_and_links(site):
    Furniture.objects.exclude(locale=site.home.locale).delete()
    english = Furniture.objects.get(locale=site.home.locale)
    english.phone, english.footer_text = "0113 496 0132", "Registered in four nations"
    stream = english.footer_links.stream_block
    english.footer_links = stream.to_python(
        [{"type": "link", "value": {"page": None, "url": "https://x.example/", "label": "Elsewhere"}}]
    )
    english.save()
    words = {text for _path, text in offered(submitted(english))}
    assert {"Registered in four nations", "Elsewhere", english.contact_title} <= words
    assert "0113 496 0132" not in words


def test_a_table_comes_back_translated_with_its_figures_in_place(site, django_capture_on_commit_callbacks):
    table = {
        "caption": "Units by nation",
        "columns": [
            {"type": "text", "heading": "Nation"},
            {"type": "number", "heading": "Units"},
            {"type": "rich_text", "heading": "Note"},
        ],
        "rows": [
            {"values": ["Scotland", 9, '<p>See <a href="https://one.example/">this</a></p>']},
            {"values": ["Wales", None, ""]},
        ],
    }
    body = body_of([{"type": "table", "value": {"first_column_is_header": True, "table": table}}])
    translation = submitted(make_article(site, "Figures", body=body))
    translate_all(translation)
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(translation)
    value = type(page).objects.get(pk=page.pk).body[0].value["table"]
    assert value.caption == "Cyf: Units by nation"
    assert [column["heading"] for column in value.columns] == ["Cyf: Nation", "Cyf: Units", "Cyf: Note"]
    assert [row["values"][:2] for row in value.row_data] == [["Cyf: Scotland", 9.0], ["Cyf: Wales", None]]
    assert 'href="https://one.example/"' in value.row_data[0]["values"][2].source


def test_every_block_comes_back_whole(everything, client, django_capture_on_commit_callbacks):
    translate_all(everything)
    with django_capture_on_commit_callbacks(execute=True):
        page = publish(everything)
    page = type(page).objects.get(pk=page.pk)
    source = everything.source.get_source_instance()
    assert [block.block_type for block in page.body] == [block.block_type for block in source.body]
    html = client.get(page.relative_url(None)).content.decode()
    for words in ("Cyf: A section", "Cyf: It is so.", "Cyf: Units", "Cyf: Read on", "Cyf: A harbour"):
        assert words in html
