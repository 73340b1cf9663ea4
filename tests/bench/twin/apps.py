"""The twin is one app."""

from django.apps import AppConfig


class TwinConfig(AppConfig):
    name = "tests.bench.twin"
    label = "twin"
