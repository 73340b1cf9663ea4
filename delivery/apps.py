"""How a page reaches a reader, fast and safe."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "delivery"

    def ready(self):
        from delivery import signals, upstream

        upstream.mend()
        signals.connect()
