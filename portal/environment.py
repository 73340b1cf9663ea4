"""What the environment says, of which the settings are made."""

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """django-environ's reader, for which a blank value is none, and a ``$`` at its beginning is a sign like any other.

    By itself, that takes what follows a ``$`` for the name of another variable
    (https://django-environ.readthedocs.io/en/latest/tips.html#proxy-value), and secrets may begin so.
    """

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, parse_default=False):
        value = self.ENVIRON.get(var, "")
        if value.strip():
            return self.parse_value(value, cast)
        if default is self.NOTSET:
            raise ImproperlyConfigured(f"Portal cannot start: set {var} in the environment (see docs/operations.md).")
        return default

    @classmethod
    def parse_value(cls, value, cast):
        """Return a value as what it is cast to; of a list, without the spaces around its items."""
        parsed = super().parse_value(value, cast)
        return [item.strip() for item in parsed if item.strip()] if cast is list else parsed
