"""What STORAGE_URL says, as Django's settings."""

from pathlib import Path
from urllib.parse import parse_qs

from portal import addresses
from portal.environment import Refused


def read(url, folder):
    """Return the folder of the uploaded files, and the storage that keeps them.

    Args:
        url: ``file:///srv/media``, or ``s3://bucket/folder?endpoint=https://…``; without one it is the folder.
        folder: where files are kept else.

    Raises:
        Refused: the address names neither a folder nor a bucket.
    """
    parts = addresses.parts(url)
    if parts.scheme == "s3" and parts.hostname:
        # Readers get the files through our own address all the same.
        endpoint = parse_qs(parts.query).get("endpoint", [None])[0]
        place = {"bucket_name": parts.hostname, "location": parts.path.lstrip("/"), "endpoint_url": endpoint}
        return folder, {"BACKEND": "delivery.storage.ObjectStorage", "OPTIONS": place}
    if url:
        if not url.startswith("file:///") or not url.removeprefix("file://").strip("/"):
            raise Refused(
                "STORAGE_URL",
                "must name a folder, such as file:///srv/media with its three slashes, or a bucket, such as "
                "s3://bucket/folder.",
            )
        folder = Path(url.removeprefix("file://"))
    return folder, {"BACKEND": "django.core.files.storage.FileSystemStorage"}
