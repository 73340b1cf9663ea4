"""The project itself as an app: its commands, roles and demo content."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
