"""What every app stands on."""

from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    name = "core"

    def ready(self):
        from core import checks, incoming, privacy, signals, tokens, traces, tracking, upstream  # noqa: F401
        from core.blocks import widget

        upstream.mend()
        widget.register()
        privacy.register(traces.HOLDER)
        incoming.on_report(incoming.note_bounce)
        if apps.is_installed("anymail"):
            tracking.connect()
