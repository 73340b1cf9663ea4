"""Readers ask for mail from us, and get it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self):
        from core import incoming, privacy
        from newsletter import bounces, keeping, signals  # noqa: F401
        from newsletter import privacy as subscriptions

        incoming.on_report(bounces.take)
        privacy.register(subscriptions.HOLDER)
