"""The front page and plain pages."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
