"""Readers write to the team."""

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = _("Contact")

    def ready(self):
        from wagtail.permissions import register_permission_policy

        from contact import privacy as enquiries
        from contact.inbox import answers, permissions
        from contact.models import Department
        from core import incoming, privacy

        incoming.on_answer(answers.take)
        privacy.register(enquiries.HOLDER)
        register_permission_policy(Department, permissions.DepartmentPermissionPolicy(Department))
        # Wagtail's documented room for a view set of one's own.
        apps.get_app_config("wagtailusers").group_viewset = "contact.groups.GroupViewSet"
