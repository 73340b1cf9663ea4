"""Where files are kept: static files under hashed names, uploads on disk or in an object store."""

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names inside style sheets and modules too, compressed beside the originals."""

    # Django leaves the paths of ES module imports unhashed otherwise.
    support_js_module_import_aggregation = True


class ObjectStorage(S3Storage):
    """An S3 bucket, which may be private: readers get its files through ``delivery.views.media``."""

    def get_default_settings(self):
        return super().get_default_settings() | {"file_overwrite": False}

    def url(self, name, *args, **kwargs):
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
