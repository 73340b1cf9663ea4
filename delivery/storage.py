"""Where files are kept: static files under hashed names, uploads on disk or in an object store."""

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What an object store says, or we of it, where it does not do what it is asked; some are an OSError too.
STORE_FAULTS = (BotoCoreError, ClientError)
# A thread that waits for a store answers nobody else meanwhile; botocore would wait for minutes.
ATTEMPTS = 2
PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": ATTEMPTS, "mode": "standard"})


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names inside style sheets and modules too, compressed beside the originals."""

    # Django leaves the paths of ES module imports unhashed otherwise.
    support_js_module_import_aggregation = True


class ObjectStorage(S3Storage):
    """An S3 bucket, which may be private: readers get its files through ``delivery.views.media``."""

    def __init__(self, **options):
        super().__init__(**options)
        # What is set for this store comes first.
        self.client_config = PATIENCE.merge(self.client_config)

    def get_default_settings(self):
        given = super().get_default_settings()
        transfer = given["transfer_config"] or TransferConfig(num_download_attempts=ATTEMPTS)
        return given | {"file_overwrite": False, "transfer_config": transfer}

    def url(self, name, *args, **kwargs):
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
