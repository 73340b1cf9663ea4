"""Readers write to the team."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = _("Contact")

    def ready(self):
        from contact import privacy as enquiries
        from contact.inbox import answers
        from core import incoming, privacy

        incoming.on_answer(answers.take)
        privacy.register(enquiries.HOLDER)
