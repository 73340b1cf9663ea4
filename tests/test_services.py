"""Real services: Redis as the cache, an S3 server as the storage."""

import shutil
import subprocess
import time

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from delivery.storage import ObjectStorage
from tests.running import free_port


@pytest.mark.skipif(not shutil.which("redis-server"), reason="Redis is not installed (Debian: redis-server)")
@pytest.mark.django_db
def test_pages_are_served_with_redis_as_the_cache(client, site, settings, tmp_path):
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": f"redis://127.0.0.1:{port}/0",
            }
        }
        wait_for(lambda: caches["default"].set("ready", 1) is None)
        assert client.get("/").status_code == 200
        assert caches["default"].get("ready") == 1
    finally:
        server.terminate()
        server.wait(10)


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        except Exception as error:
            if "redis" not in type(error).__module__:
                raise
        assert time.monotonic() < deadline
        time.sleep(0.1)


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
