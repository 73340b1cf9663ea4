"""Static files with hashed names inside style sheets and modules too, compressed beside the originals."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    # Django leaves the paths of ES module imports unhashed otherwise.
    support_js_module_import_aggregation = True
