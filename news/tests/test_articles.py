"""Articles: shown whole, whatever became of what they refer to."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import pictures
from core.blocks import BodyBlock
from core.models import Document, Image
from news.models import ArticleListing, ArticlePage, Topic
from tests.factories import body_of, downloads_of, every_block, make_article, make_document, make_image

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_article_with_every_block_is_shown(client, site):
    image = make_image()
    article = make_article(
        site, "Our response", body=body_of(every_block(site)), lead_image=image, lead_image_alt="Hills"
    )
    response = client.get("/news/our-response/")
    html = response.content.decode()
    assert response.status_code == 200
    for words in ("A section", "In short", "It is so.", "Why?", "Units", "61", "Read on", 'alt="Hills"', 'id="note-1"'):
        assert words in html
    assert 'href="#note-1" id="ref-1"' in html
    assert html.count('id="ref-1"') == 1
    assert article.listing.title == "Our response"


def test_picture_that_only_decorates_is_described_nowhere_whatever_was_written_before(client, site):
    image = make_image()
    pictures.make(image, [pictures.SHARED_SPEC])
    article = make_article(site, "Our response", lead_image=image, lead_image_alt="Boats at dusk")
    make_article(site, "Other", published_on=article.published_on - timedelta(days=1))
    shown = ["/", "/news/our-response/", "/news/other/", "/news/feed/", f"/api/v2/pages/{article.pk}/"]
    for is_decorative in (False, True):
        article.lead_image_is_decorative = is_decorative
        article.save_revision().publish()
        for address in shown:
            words = client.get(address).content.decode()
            assert image.file.name.rsplit("/")[-1][: pictures.HASH_LENGTH] in words, address
            assert ("Boats at dusk" in words) is not is_decorative, address


@pytest.mark.parametrize("gone", ["image", "document", "page", "file"])
def test_article_survives_what_it_refers_to(client, site, gone):
    article = make_article(
        site, "Survivor", body=body_of(every_block(site)), lead_image=make_image(), lead_image_alt="x"
    )
    article.downloads = downloads_of(make_document())
    article.save()
    if gone == "image":
        Image.objects.all().delete()
    elif gone == "document":
        Document.objects.all().delete()
    elif gone == "page":
        for page in ArticlePage.objects.exclude(pk=article.pk):
            page.delete()
    else:
        for image in Image.objects.all():
            image.file.storage.delete(image.file.name)
    response = client.get("/news/survivor/")
    assert response.status_code == 200
    assert b"It is so." in response.content
    assert b'href="None"' not in response.content


def test_more_news_shares_most_topics_then_is_newest(client, site):
    other = Topic.objects.create(name="Funding", slug="funding", locale=site.home.locale)
    start = timezone.now() - timedelta(days=9)
    for day, (title, topics) in enumerate(
        [("Both", [site.topic, other]), ("One", [other]), ("None", []), ("Newest", [])]
    ):
        make_article(site, title, topics=topics, published_on=start + timedelta(days=day))
    make_article(site, "Main", topics=[site.topic, other])
    assert [row.title for row in client.get("/news/main/").context["more_news"]] == ["Both", "One", "Newest"]


def test_more_news_is_chosen_by_hand_else_by_topic(client, site):
    others = [make_article(site, f"Other {number}") for number in range(4)]
    unrelated = make_article(site, "Unrelated", topics=[])
    article = make_article(site, "Main")
    rows = client.get("/news/main/").context["more_news"]
    assert [row.title for row in rows] == ["Other 3", "Other 2", "Other 1"]
    article.related = article.related.stream_block.to_python(
        [{"type": "article", "value": unrelated.pk}, {"type": "article", "value": others[0].pk}]
    )
    article.save()
    rows = client.get("/news/main/").context["more_news"]
    assert [row.title for row in rows] == ["Unrelated", "Other 0"]


def test_translation_shows_topics_and_links_in_its_own_language(client, site):
    english = make_article(site, "Target")
    make_article(site, "Targed", language="cy", translation_key=english.translation_key)
    link = [{"type": "paragraph", "value": f'<p><a linktype="page" id="{english.pk}">dolen</a></p>'}]
    make_article(site, "Tudalen", language="cy", body=body_of(link))
    html = client.get("/cy/newyddion/tudalen/").content.decode()
    assert 'href="/cy/newyddion/targed/"' in html
    assert 'href="/cy/newyddion/pynciau/polisi/"' in html
    assert "Polisi" in html


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": "2026"}, "slug"),
        ({"slug": "feed"}, "slug"),
        ({"slug": "cy"}, "slug"),
        ({"slug": "topics"}, "slug"),
        ({"lead_image": "image"}, "lead_image_alt"),
    ],
)
def test_article_is_refused_with_a_reason(site, fields, field):
    article = make_article(site)
    for name, value in fields.items():
        setattr(article, name, make_image() if value == "image" else value)
    with pytest.raises(ValidationError) as error:
        article.full_clean()
    assert field in error.value.message_dict


def test_renamed_and_moved_articles_redirect_in_one_hop(client, site, django_capture_on_commit_callbacks):
    article = make_article(site, "Old name")
    with django_capture_on_commit_callbacks(execute=True):
        article.slug = "new-name"
        article.save_revision().publish()
    response = client.get("/news/old-name/")
    assert response.status_code == 301
    assert response["Location"].endswith("/news/new-name/")


def test_listing_command_finds_and_mends_wrong_rows(site, capsys):
    article = make_article(site)
    call_command("listing", "verify")
    ArticleListing.objects.update(title="Wrong")
    with pytest.raises(CommandError, match="1 articles are listed wrongly"):
        call_command("listing", "verify")
    call_command("listing", "rebuild")
    assert ArticleListing.objects.get().title == article.title
    ArticleListing.objects.all().delete()
    call_command("listing", "rebuild")
    call_command("listing", "verify")


def test_an_empty_date_becomes_the_moment_of_publishing_and_stays(client, site):
    article = make_article(site, "Undated", live=False, published_on=None)
    assert article.published_on is None
    article.save_revision().publish()
    date = ArticlePage.objects.get(pk=article.pk).published_on
    assert date is not None
    again = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert again.published_on == date
    again.title = "Dated"
    again.save_revision().publish()
    assert ArticlePage.objects.get(pk=article.pk).published_on == date


def test_an_unfinished_draft_can_be_saved(admin_client, site):
    article = make_article(site, "Half done", live=False)
    article.lead_image, article.slug = make_image(), "topics"
    article.is_only_draft = True
    article.full_clean()
    empty = {"text": "", "page": None, "url": "", "label": ""}
    unfinished = [
        {"type": "call_to_action", "value": empty},
        {"type": "heading", "value": {"text": "", "level": "3"}},
    ]
    BodyBlock().clean_deferred(body_of(unfinished))
