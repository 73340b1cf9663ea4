"""What the environment says, of which the settings are made."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured


class Refused(ImproperlyConfigured):
    """A value that Portal cannot work with.

    Args:
        name: of the variable.
        words: how the sentence goes on that the name begins; without the value, where that may hold a password.
    """

    def __init__(self, name, words):
        super().__init__(f"Portal cannot start: {name} {words}")


class Environment(environ.Env):
    """django-environ's reader, for which a blank value is none, and a ``$`` at its beginning is a sign like any other.

    By itself, that takes what follows a ``$`` for the name of another variable
    (https://django-environ.readthedocs.io/en/latest/tips.html#proxy-value), and secrets may begin so; and each word
    that it does not know for no.
    """

    def get_value(self, var, cast=None, default=environ.Env.NOTSET, parse_default=False):
        value = self.ENVIRON.get(var, "")
        if value.strip():
            return self.parse_value(value, cast)
        if default is self.NOTSET:
            self.require(var)
        return default

    def require(self, *names):
        """Refuse to go on without these.

        Raises:
            ImproperlyConfigured: some are not set.
        """
        missing = [name for name in names if not self.list(name, default=[])]
        if missing:
            raise ImproperlyConfigured(
                f"Portal cannot start: set {' and '.join(missing)} in the environment (see docs/operations.md)."
            )

    @classmethod
    def parse_value(cls, value, cast):
        """Return a value as what it is cast to; of a list, without the spaces around its items."""
        parsed = super().parse_value(value, cast)
        return [item.strip() for item in parsed if item.strip()] if cast is list else parsed

    def number(self, name, default, most=1_000_000):
        """Return a whole number.

        Args:
            name: of the variable.
            default: the number where nothing is said.
            most: the largest that is taken; the smallest is 0.

        Raises:
            Refused: something else stands there.
        """
        said = self(name, default=str(default)).strip()
        if not (said.isascii() and said.isdigit() and int(said) <= most):
            raise Refused(name, f"is {said}, and must be a whole number from 0 to {most}.")
        return int(said)

    def flag(self, name):
        """Return whether something is switched on.

        Raises:
            Refused: what stands there is neither yes nor no.
        """
        said = self(name, default="0").strip()
        if said.lower() not in (*self.BOOLEAN_TRUE_STRINGS, "0", "no", "n", "off", "false"):
            raise Refused(name, f"is {said}, and must be 1 or 0.")
        return self.parse_value(said, bool)

    def time_zone(self, name, default):
        """Return the name of a time zone.

        Raises:
            Refused: there is none of that name.
        """
        said = self(name, default=default).strip()
        try:
            ZoneInfo(said)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Refused(name, f"is {said}, and must be a time zone such as Europe/London.") from None
        return said
