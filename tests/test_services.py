"""Real services: Redis as the cache, an S3 server as the storage."""

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from delivery.storage import ObjectStorage
from tests.run import redis
from tests.running import free_port


@pytest.fixture
def redis_address():
    with redis() as address:
        if address is None:
            pytest.skip("Redis is not installed (Debian: redis-server)")
        yield address


@pytest.mark.django_db
def test_pages_are_served_with_redis_as_the_cache(client, site, settings, redis_address):
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": redis_address}}
    caches["default"].set("ready", 1)
    assert client.get("/").status_code == 200
    assert caches["default"].get("ready") == 1


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
