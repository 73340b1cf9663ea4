"""The project itself as an app: its commands, roles and demo content."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        from portal import upstream

        upstream.mend()
