"""Pictures: made ahead, listed when finished, never made for a reader."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image as Picture
from PIL import ImageCms

from core import pictures
from core.models import Image, Rendition
from core.title_cards import LOGO_SPEC
from tests.factories import make_article, make_document, make_image

pytestmark = pytest.mark.django_db
# Numbers of EXIF.
CAMERA, TURNED, PLACE = 0x010F, 0x0112, 0x8825


def jpeg(size=(64, 48)):
    data = BytesIO()
    Picture.new("RGB", size, (10, 90, 90)).save(data, "JPEG")
    return data.getvalue()


def test_saving_makes_the_fallbacks_at_once_and_the_rest_in_a_task(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image()
    image.refresh_from_db()
    assert set(image.pictures["files"]) == set(pictures.all_specs())
    offers = pictures.sources(image, "lead")["offers"]
    assert list(offers) == ["avif", "webp"]
    assert all(srcset.endswith(f".{kind} 640w") for kind, srcset in offers.items())


def test_reader_makes_no_picture_and_sees_a_quiet_box_until_one_is_there(client, site):
    image = make_image()
    Image.objects.update(pictures={})
    Rendition.objects.all().delete()
    make_article(site, "Waiting", lead_image=image, lead_image_alt="Hills")
    html = client.get("/news/waiting/").content.decode()
    assert "picture-missing" in html
    assert not Rendition.objects.exists()


def test_new_focal_point_makes_new_pictures(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image()
        before = pictures.sources(image, "card")["src"]
        image.focal_point_x, image.focal_point_y = 10, 10
        image.focal_point_width = image.focal_point_height = 20
        image.save()
    image.refresh_from_db()
    assert pictures.sources(image, "card")["src"] != before


def test_broken_and_missing_files_are_no_fault():
    image = make_image()
    image.file.storage.delete(image.file.name)
    Rendition.objects.all().delete()
    image.pictures = {}
    assert pictures.make(image, pictures.fallback_specs()) == 0
    assert pictures.sources(image, "lead") is None


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Not a supported image format"),
        ("page.html", b"<script>", "Upload a valid image"),
        ("fake.jpg", b"not a picture", "Upload a valid image"),
        ("large.jpg", jpeg((9000, 7000)), "This file has too many pixels"),
        ("heavy.jpg", jpeg() + b"\0" * 21_000_000, "This file is too big"),
    ],
)
def test_uploads_are_refused_with_a_reason(admin_client, site, name, content, words):
    response = admin_client.post(
        "/admin/images/add/", {"title": "x", "file": SimpleUploadedFile(name, content), "collection": 1}
    )
    assert words in response.content.decode()
    assert not Image.objects.exists()


def test_file_names_follow_the_content():
    first, second = make_image("Same"), make_image("Same", colour=(200, 10, 10))
    assert first.file.name != second.file.name
    assert first.file_size and first.file_hash


def test_picture_whose_rights_ran_out_is_not_shown():
    image = make_image()
    assert pictures.sources(image, "card")
    image.rights_expire_on = date.today() - timedelta(days=1)
    assert pictures.sources(image, "card") is None


def test_only_images_ask_until_when_they_may_be_shown(admin_client, site):
    assert b'name="rights_expire_on"' in admin_client.get(f"/admin/images/{make_image().pk}/").content
    response = admin_client.get(f"/admin/documents/edit/{make_document().pk}/")
    assert b'name="credit"' in response.content and b"rights_expire_on" not in response.content


def test_renditions_of_long_names_keep_the_hash_of_their_content():
    first, second = (
        make_image("A very long name of a picture of the harbour at dusk", colour=(n, n, n)) for n in (9, 99)
    )
    assert pictures.sources(first, "card")["src"] != pictures.sources(second, "card")["src"]
    name = first.pictures["files"][pictures.fallback_specs()[0]][0]
    assert first.file.name.rsplit("/", 1)[1][:10] in name


def test_gaps_are_found_and_filled(django_capture_on_commit_callbacks):
    image = make_image()
    Image.objects.update(pictures={"key": pictures.source_key(image), "files": {}})
    pictures.complete_all()
    image.refresh_from_db()
    assert pictures.is_complete(image, pictures.all_specs())


def is_there(image):
    """Return whether everything that an image lists is in the storage."""
    files = Image.objects.get(pk=image.pk).pictures["files"].values()
    return bool(files) and all(image.file.storage.exists(name) for name, _width, _height in files)


def replace(client, image, content):
    fields = {"title": image.title, "collection": 1, "file": SimpleUploadedFile("picture.jpg", content)}
    assert client.post(f"/admin/images/{image.pk}/", fields).status_code == 302


def test_a_picture_that_comes_back_is_there(admin_client, site, django_capture_on_commit_callbacks):
    first, second = jpeg((640, 480)), jpeg((480, 640))
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image()
        for content in (first, second, first):
            replace(admin_client, image, content)
    assert is_there(image)


def test_what_was_still_being_made_of_a_replaced_file_is_never_shown(django_capture_on_commit_callbacks):
    image = make_image()
    of_the_first = Image.objects.get(pk=image.pk)
    image.file = ContentFile(jpeg((480, 640)), name="other.jpg")
    image.save()
    # A worker that had begun before, and ends now.
    assert pictures.make(of_the_first, pictures.all_specs()) == 0
    image = Image.objects.get(pk=image.pk)
    pictures.make(image, pictures.all_specs())
    begins = image.file.name.rsplit("/", 1)[1][: pictures.HASH_LENGTH]
    files = Image.objects.get(pk=image.pk).pictures["files"]
    assert set(files) == set(pictures.all_specs())
    assert all(name.startswith(f"{pictures.FOLDER}/{begins}") for name, _width, _height in files.values())


def test_lost_files_are_made_again_and_others_stay(django_capture_on_commit_callbacks, capsys):
    with django_capture_on_commit_callbacks(execute=True):
        whole, image = make_image(), make_image("Lost", colour=(1, 2, 3))
    before = {one.pk: one.pictures["files"] for one in Image.objects.all()}
    lost = [name for name, _width, _height in before[image.pk].values()][1:4]
    for name in lost:
        image.file.storage.delete(name)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("wagtail_update_image_renditions")
    assert "3 files" in capsys.readouterr().out
    assert is_there(whole) and is_there(image)
    after = {one.pk: one.pictures["files"] for one in Image.objects.all()}
    assert after[whole.pk] == before[whole.pk]
    assert set(after[image.pk]) == set(before[image.pk])


def test_all_images_come_a_few_at_once(monkeypatch):
    monkeypatch.setattr(pictures, "AT_ONCE", 2)
    images = [make_image(f"Number {number}", colour=(number, 0, 0)) for number in range(5)]
    assert list(pictures.all_images()) == images


def photograph(kind, **more):
    """Return a picture that lies on its side, with where and with what it was taken."""
    taken = Picture.Exif()
    taken[TURNED], taken[CAMERA] = 6, "Camera"
    taken.get_ifd(PLACE).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    data = BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    whole = Picture.new("RGB", (640, 480), (10, 90, 90))
    whole.save(data, kind, exif=taken.tobytes(), icc_profile=profile, **more)
    return data.getvalue(), profile


@pytest.mark.parametrize(
    ("kind", "more"),
    [("JPEG", {"comment": b"Taken at home"}), ("PNG", {}), ("WEBP", {}), ("AVIF", {})],
)
def test_no_size_says_where_and_with_what_a_picture_was_taken(kind, more):
    content, profile = photograph(kind, **more)
    image = Image.objects.create(title="Home", file=ContentFile(content, name=f"home.{kind.lower()}"))
    pictures.make(image, pictures.all_specs())
    image.get_rendition("max-165x165")
    image.get_rendition(LOGO_SPEC)
    assert image.renditions.count() == len(pictures.all_specs()) + 2
    for rendition in image.renditions.all():
        with rendition.file.open() as file, Picture.open(file) as picture:
            assert not picture.getexif() and not {"exif", "xmp", "comment"} & set(picture.info), rendition
            assert picture.info["icc_profile"] == profile, rendition
    upright = image.pictures["files"][f"{pictures.SHAPES['body'].spec(480)}|format-avif"]
    assert upright[1:] == [480, 640]


def test_files_of_a_former_folder_are_made_anew_under_other_names(django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(pictures, "FOLDER", "images")
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image()
        image.get_rendition("max-165x165")
    image.refresh_from_db()
    former, state = [rendition.file.name for rendition in image.renditions.all()], pictures.state(image)
    assert set(image.pictures["files"]) == set(pictures.all_specs())
    monkeypatch.undo()
    # Until then readers see what there is.
    assert pictures.state(image) == state
    with django_capture_on_commit_callbacks(execute=True):
        pictures.complete_all()
    image.refresh_from_db()
    assert set(image.pictures["files"]) == set(pictures.all_specs()) and is_there(image)
    assert not [name for name in former if image.file.storage.exists(name)]
    assert pictures.state(image) != state
