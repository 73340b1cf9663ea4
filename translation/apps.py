"""The translators' desk: Portal's rules over wagtail-localize."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationConfig(AppConfig):
    name = "translation"
    verbose_name = _("Translation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from delivery import translations
        from translation import follow, freshness, policies, rights, signals, upstream  # noqa: F401

        upstream.mend()
        rights.register_policies()
        translations.register(freshness.outdated, policies.by_locale)
