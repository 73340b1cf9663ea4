"""How a page reaches a reader, fast and safe."""

import mimetypes

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "delivery"

    def ready(self):
        from delivery import overtaken, signals, tree, upstream

        upstream.mend()
        overtaken.mend()
        tree.mend()
        # Before 3.13, Python knows it only from the files of the machine, which may have none.
        # https://github.com/python/cpython/issues/111741
        mimetypes.add_type("image/webp", ".webp")
        signals.connect()
