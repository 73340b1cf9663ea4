"""Real services: Redis as the cache, an S3 server as the storage."""

import json

import pytest
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from delivery.storage import ObjectStorage
from tests.factories import make_article, make_image
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


@pytest.mark.django_db
def test_files_in_an_object_store_are_served_from_our_own_address(client, bucket, monkeypatch):
    from delivery import views

    storage = ObjectStorage(bucket_name="portal", location="media", endpoint_url=bucket, region_name="us-east-1")
    name = storage.save("images/picture.jpg", ContentFile(b"0123456789"))
    assert storage.save("images/picture.jpg", ContentFile(b"other")) != name
    assert storage.url(name) == f"/media/{name}"
    monkeypatch.setattr(views, "default_storage", storage)
    response = client.get(f"/media/{name}", headers={"range": "bytes=2-4"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"234")
    assert client.get("/media/images/none.jpg").status_code == 404
