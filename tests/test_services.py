"""Real services: Redis as the cache, an S3 server as the storage."""

import json
import socket

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from core.models import Document
from delivery import views
from delivery.storage import ObjectStorage
from tests.factories import make_article, make_document, make_image
from tests.front import Front
from tests.run import redis
from tests.running import free_port
from tests.soak.admin_acts import fields, streams
from tests.test_settings import settings_of


def caches_of(address, folder):
    """Return what the production settings make of a CACHE_URL."""
    given = {"SECRET_KEY": "x", "ALLOWED_HOSTS": "localhost", "CACHE_URL": address}
    return json.loads(settings_of(folder, "__import__('json').dumps(settings.CACHES)", **given).stdout)


@pytest.mark.django_db
def test_processes_share_pages_in_redis_and_do_without_it(site, settings, tmp_path):
    with redis() as address:
        if address is None:
            pytest.skip("Redis is not installed (Debian: redis-server)")
        settings.CACHES = caches_of(address, tmp_path)
        first, second = Front(), Front()
        assert [front.get("/news/").status_code for front in (first, second)] == [200, 200]
        assert (first.made, second.made) == (["/news/"], [])
    assert Front().get("/news/").status_code == 200


@pytest.mark.django_db
def test_editors_work_on_when_redis_is_away(admin_client, site, settings, tmp_path):
    article = make_article(site, "Before", lead_image=make_image(), lead_image_alt="x")
    list_address = f"/admin/pages/{article.get_parent().pk}/"
    edit_address = f"/admin/pages/{article.pk}/edit/"
    with redis() as address:
        if address is None:
            pytest.skip("Redis is not installed (Debian: redis-server)")
        settings.CACHES = caches_of(address, tmp_path)
        assert admin_client.get(list_address).status_code == 200
    assert admin_client.get(list_address).status_code == 200
    form = dict(fields(admin_client.get(edit_address).text)) | streams("As it is now.")
    assert admin_client.post(edit_address, form | {"title": "After", "action-publish": "1"}).status_code == 302
    assert admin_client.get("/admin/images/").status_code == 200
    article.refresh_from_db()
    assert (article.title, article.has_unpublished_changes) == ("After", False)


@pytest.fixture
def bucket(monkeypatch):
    import boto3

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port())
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="portal")
    yield endpoint
    server.stop()


def storage_at(endpoint, **options):
    place = {"bucket_name": "portal", "location": "media", "endpoint_url": endpoint, "region_name": "us-east-1"}
    return ObjectStorage(**place, **options)


@pytest.mark.django_db
def test_files_in_an_object_store_are_served_from_our_own_address(client, bucket, monkeypatch):
    storage = storage_at(bucket)
    name = storage.save("images/picture.jpg", ContentFile(b"0123456789"))
    assert storage.save("images/picture.jpg", ContentFile(b"other")) != name
    assert storage.url(name) == f"/media/{name}"
    monkeypatch.setattr(views, "default_storage", storage)
    response = client.get(f"/media/{name}", headers={"range": "bytes=2-4"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"234")
    assert client.get("/media/images/none.jpg").status_code == 404


@pytest.fixture
def silent():
    """Return the address of a server that takes connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield "http://{}:{}".format(*server.getsockname())


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["away", "silent"])
def test_a_store_that_does_not_answer_is_no_missing_file(client, site, monkeypatch, bucket, silent, fault, caplog):
    endpoint = silent if fault == "silent" else f"http://127.0.0.1:{free_port()}"
    storage = storage_at(endpoint, client_config=Config(read_timeout=0.3))
    monkeypatch.setattr(views, "default_storage", storage)
    document = make_document("Report", "report.pdf", b"%PDF")
    monkeypatch.setattr(Document._meta.get_field("file"), "storage", storage)
    for address in ("/media/images/picture.jpg", document.url):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (503, "no-store"), address
        assert int(response["Retry-After"]) > 0
    assert "store of the files does not answer" in caplog.text


def test_an_object_store_is_waited_for_a_short_while_and_what_is_set_for_it_stays(bucket):
    def of(storage):
        config = storage.connection.meta.client.meta.config
        return (
            config.connect_timeout,
            config.read_timeout,
            config.retries["total_max_attempts"],
            config.signature_version,
        )

    assert of(storage_at(bucket))[:3] == (3, 10, 2)
    signed = storage_at(bucket, signature_version="s3", addressing_style="path")
    assert of(signed) == (3, 10, 2, "s3")
    assert signed.connection.meta.client.meta.config.s3 == {"addressing_style": "path"}
    assert of(storage_at(bucket, client_config=Config(read_timeout=60)))[:3] == (3, 60, 2)
