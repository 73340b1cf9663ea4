"""The project itself as an app: its commands, roles and demo content."""

from django.apps import AppConfig
from django_tasks.signals import task_finished


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        from portal import failed_tasks

        task_finished.connect(failed_tasks.tell, dispatch_uid="portal-failed-tasks")
