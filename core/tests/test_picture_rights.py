"""The last day on which a picture may be shown: after it, its figure is gone, and so are its files."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core import pictures, title_cards
from core.models import Furniture, Image
from core.title_cards import LOGO_SPEC
from delivery.models import Change
from news.models import ArticlePage
from tests.factories import make_article, make_image
from tests.pages import soup_of

pytestmark = pytest.mark.django_db


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def status_of(client, image):
    """Return the statuses of all files of an image that were ever listed, as a set."""
    return {client.get(pictures.address(name)).status_code for name in image.files_before}


@pytest.fixture
def published(site, django_capture_on_commit_callbacks):
    """A picture with all its files, on an article that is shared with it."""
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image("Agency photo")
        fields = {"lead_image_caption": "The minister", "lead_image_credit": "Agency"}
        make_article(site, "With photo", lead_image=image, lead_image_alt="A photo", **fields)
    image.refresh_from_db()
    image.files_before = [name for name, _width, _height in image.pictures["files"].values()]
    return image


def give_rights(client, image, day):
    fields = {"title": image.title, "collection": 1, "rights_expire_on": day or ""}
    assert client.post(f"/admin/images/{image.pk}/", fields).status_code == 302


def test_the_files_of_a_picture_are_taken_away_when_its_rights_have_ended(
    client, published, django_capture_on_commit_callbacks
):
    assert status_of(client, published) == {200}
    # Nobody saves it on the day after.
    Image.objects.update(rights_expire_on=yesterday())
    with django_capture_on_commit_callbacks(execute=True):
        pictures.complete_all()
    assert status_of(client, published) == {404}
    assert not Image.objects.get(pk=published.pk).pictures
    changes = Change.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        pictures.complete_all()
    assert not published.renditions.exists() and Change.objects.count() == changes


def test_a_day_in_the_past_takes_the_files_away_at_once_and_a_later_one_brings_them_back(
    client, admin_client, published, django_capture_on_commit_callbacks
):
    shared = soup_of(client.get("/news/with-photo/")).head.find("meta", property="og:image")["content"]
    with django_capture_on_commit_callbacks(execute=True):
        give_rights(admin_client, published, yesterday())
    assert status_of(client, published) == {404}
    card = soup_of(client.get("/news/with-photo/")).head.find("meta", property="og:image")["content"]
    assert "/images/cards/" in card
    with django_capture_on_commit_callbacks(execute=True):
        give_rights(admin_client, published, timezone.localdate())
    assert status_of(client, published) == {200}
    assert soup_of(client.get("/news/with-photo/")).head.find("meta", property="og:image")["content"] == shared


def test_files_that_come_back_under_other_names_are_shown_by_these(client, published):
    before = pictures.sources(published, "lead")["src"]
    assert before in client.get("/news/with-photo/").content.decode()
    # The worker has not come to deleting the former files yet.
    for day in (yesterday(), None):
        Image.objects.update(rights_expire_on=day)
        pictures.complete_all()
    published.refresh_from_db()
    assert set(published.pictures["files"]) == set(pictures.all_specs())
    html, after = client.get("/news/with-photo/").content.decode(), pictures.sources(published, "lead")["src"]
    assert after != before
    assert after in html and before not in html


def test_no_file_is_made_for_readers_of_a_picture_whose_rights_have_ended(published):
    Image.objects.update(rights_expire_on=yesterday(), pictures={})
    published.renditions.all().delete()
    pictures.make_all.enqueue(published.pk)
    assert not published.renditions.exists()
    # A worker that had begun before.
    published.pictures = {}
    assert pictures.make(published, pictures.quick_specs()) == 0
    assert not Image.objects.get(pk=published.pk).pictures


def test_what_a_worker_made_while_the_rights_ended_is_taken_away(
    client, published, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        published.renditions.all().delete()
        Image.objects.update(pictures={})
    image, made, names = Image.objects.get(pk=published.pk), Image.get_renditions, []

    def meanwhile(self, *specs):
        Image.objects.update(rights_expire_on=yesterday())
        pictures.withdraw(Image.objects.get(pk=self.pk))
        found = made(self, *specs)
        names.extend(item.file.name for item in found.values())
        return found

    monkeypatch.setattr(Image, "get_renditions", meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        assert pictures.make(image, pictures.quick_specs()) == 0
    assert names and {client.get(pictures.address(name)).status_code for name in names} == {404}
    assert not published.renditions.exists()
    assert not any(default_storage.exists(name) for name in names)


@pytest.mark.parametrize("has_sizes", [True, False])
def test_the_cards_are_looked_through_when_rights_end_and_not_at_each_save_later(
    published, monkeypatch, django_capture_on_commit_callbacks, has_sizes
):
    Image.objects.update(rights_expire_on=yesterday())
    if not has_sizes:
        pictures.complete_all()
    looks = []
    monkeypatch.setattr(title_cards, "_stored_names", lambda: looks.append(1) or set())
    with django_capture_on_commit_callbacks(execute=True):
        Image.objects.get(pk=published.pk).save()
    assert bool(looks) is has_sizes


def test_only_the_team_sees_the_sizes_that_the_admin_shows_of_it(client, admin_client, published):
    Image.objects.update(rights_expire_on=yesterday())
    rendition = Image.objects.get(pk=published.pk).get_rendition("max-165x165")
    assert client.get(rendition.url).status_code == 404
    assert admin_client.get(rendition.url).status_code == 200
    pictures.complete_all()
    assert rendition in published.renditions.all()


def test_a_logo_whose_rights_have_ended_stands_nowhere(client, site, published, django_capture_on_commit_callbacks):
    Furniture.objects.update(logo=published)
    Image.objects.update(rights_expire_on=yesterday())
    furniture = Furniture.objects.first()
    with django_capture_on_commit_callbacks(execute=True):
        furniture.save()
    assert not published.renditions.filter(filter_spec=LOGO_SPEC).exists()
    assert "picture-missing" not in str(soup_of(client.get("/contact/")).header)


def test_the_figure_goes_with_the_rights_in_every_form(client, site, published):
    other = make_image("Ours", colour=(1, 2, 3))
    figures = [
        {"image": pk, "alt_text": "Hills", "decorative": False, "caption": caption, "credit": "Agency"}
        for pk, caption in ((published.pk, "The minister"), (other.pk, "Our house"))
    ]
    blocks = [{"type": "image", "value": figures[0]}, {"type": "gallery", "value": {"title": "", "images": figures}}]
    blocks.append({"type": "gallery", "value": {"title": "The visit", "images": figures[:1] * 2}})
    ArticlePage.objects.update(body=json.dumps(blocks))
    forms = ["/news/with-photo/", "/news/with-photo.md", "/news/feed/", "/news/json/"]
    assert all("The minister" in client.get(form).content.decode() for form in forms)
    published.rights_expire_on = yesterday()
    published.save()
    for form in forms:
        words = client.get(form).content.decode()
        assert "Our house" in words, form
        assert "The minister" not in words and "The visit" not in words, form
    assert "picture-missing" not in client.get(forms[0]).content.decode()
