"""Media files: ranges, validators, and what stays private."""

import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.models import Collection, CollectionViewRestriction

from core import pictures
from tests.factories import make_document
from tests.running import ROOT

pytestmark = pytest.mark.django_db
DATA = bytes(range(256)) * 4
# On a machine without /etc/mime.types and its like.
KINDS = """
import mimetypes, os
mimetypes.knownfiles.clear()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
for kind in {kinds}:
    print(mimetypes.guess_type(f"picture.{kind}")[0])
"""


@pytest.fixture
def picture():
    name = default_storage.save("images/picture.jpg", ContentFile(DATA))
    return f"/media/{name}"


def body(response):
    return b"".join(response.streaming_content)


def test_whole_file_with_validators(client, picture):
    response = client.get(picture)
    assert body(response) == DATA
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response["Cache-Control"]
    again = client.get(picture, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert client.get(picture, headers={"if-modified-since": response["Last-Modified"]}).status_code == 304


def test_every_format_of_a_picture_is_known_by_portal_itself():
    kinds = ["jpeg", *pictures.SHAPES["lead"].offers()]
    code = KINDS.replace("{kinds}", str(kinds))
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [f"image/{kind}" for kind in kinds]


@pytest.mark.parametrize(
    ("wanted", "status", "expected"),
    [
        ("bytes=0-9", 206, DATA[:10]),
        ("bytes=1000-", 206, DATA[1000:]),
        ("bytes=-24", 206, DATA[-24:]),
        ("bytes=0-99999", 206, DATA),
        ("bytes=0-1,5-6", 200, DATA),
        ("bytes=-", 200, DATA),
        ("lines=1-2", 200, DATA),
        ("bytes=2000-3000", 416, b""),
        ("bytes=9-3", 416, b""),
        ("bytes=-0", 416, b""),
        (f"bytes={'9' * 5000}-", 200, DATA),
    ],
)
def test_ranges(client, picture, wanted, status, expected):
    response = client.get(picture, headers={"range": wanted})
    assert response.status_code == status
    if status != 416:
        assert body(response) == expected
        assert int(response["Content-Length"]) == len(expected)


@pytest.mark.parametrize(
    "address", ["images/none.jpg", "images/../secret", "images/%2e%2e/x", "images/", "images/%00", ""]
)
def test_unknown_or_odd_names_are_not_found(client, address):
    assert client.get(f"/media/{address}").status_code == 404


def test_originals_and_documents_are_not_public(client, admin_client):
    original = default_storage.save("original_images/big.jpg", ContentFile(DATA))
    document = default_storage.save("documents/private.pdf", ContentFile(DATA))
    assert client.get(f"/media/{original}").status_code == 404
    assert client.get(f"/media/{document}").status_code == 404
    assert admin_client.get(f"/media/{original}").status_code == 200
    assert admin_client.get(f"/media/{document}").status_code == 404


@pytest.mark.parametrize("before", ["./", "/", ".//", "images/../", "%2e/", "%2f", "original_images/%2e%2e/", "\\"])
def test_no_spelling_of_its_path_leads_past_the_checks_of_a_document(admin_client, before):
    document = default_storage.save("documents/private.pdf", ContentFile(DATA))
    assert admin_client.get(f"/media/{before}{document}").status_code == 404


@pytest.mark.parametrize("path", ["images/../original_images/{}", "images/./../original_images/{}", "images/\\..\\{}"])
def test_no_spelling_of_its_path_leads_to_an_original(client, path):
    original = default_storage.save("original_images/big.jpg", ContentFile(DATA))
    assert client.get(f"/media/{path.format(original.rpartition('/')[2])}").status_code == 404


@pytest.mark.parametrize("path", ["documents\\private.pdf", "./documents/private.pdf", "/documents/private.pdf"])
def test_a_bucket_is_asked_for_no_other_spelling(admin_client, monkeypatch, path):
    asked = []
    monkeypatch.setattr("delivery.views.default_storage", type("Bucket", (), {"open": asked.append}))
    assert admin_client.get(f"/media/{path}").status_code == 404
    assert asked == []


def test_a_film_answers_ranges_and_keeps_wagtails_checks(client, site):
    film = make_document("Film", "film.mp4", DATA)
    response = client.get(film.url, headers={"range": "bytes=2-5"})
    assert (response.status_code, body(response)) == (206, DATA[2:6])
    assert response["Content-Range"] == f"bytes 2-5/{len(DATA)}"
    whole = client.get(film.url)
    assert body(whole) == DATA
    assert "Content-Encoding" not in {*whole.headers, *response.headers}
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    film.collection = collection
    film.save()
    private = client.get(film.url, headers={"range": "bytes=2-5"})
    assert private.status_code == 302
    assert "/_util/login/" in private["Location"]
    assert client.get(private["Location"])["Location"].startswith("/admin/login/?next=/documents/")


def test_odd_document_numbers_are_not_found(client, site):
    assert client.get(f"/documents/{'9' * 5000}/x.pdf").status_code == 404
    assert client.get("/documents/999999/x.pdf").status_code == 404


def test_a_document_is_in_its_own_language(client, site):
    document = make_document("Ymateb")
    document.language = site.homes["cy"].locale
    document.save()
    assert client.get(document.url)["Content-Language"] == "cy"
    assert client.get(document.url, headers={"range": "bytes=0-3"})["Content-Language"] == "cy"
