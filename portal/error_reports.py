"""Errors for Sentry: what failed and where in the code, and nothing of whom it happened to."""

import re
from urllib.parse import urlsplit

import sentry_sdk

from portal.environment import Refused

# Not among them: arguments of the command, what a line of the log was given, and what came before the error.
KEPT = (
    *("contexts", "environment", "event_id", "exception", "fingerprint", "level", "logentry", "logger", "modules"),
    *("platform", "release", "request", "sdk", "server_name", "timestamp", "transaction", "transaction_info"),
)
# Django's two: a value with its signature, which opens a subscription, and what a link for a new password ends with.
TOKEN = re.compile(r"[^/]*(?::|%3A)[\w-]{27,}|[0-9a-z]{1,13}-[0-9a-f]{32}", re.IGNORECASE)


def begin(dsn):
    """Send the errors of this process to a project of Sentry.

    Args:
        dsn: the address that Sentry gives for it.

    Raises:
        Refused: it is none.
    """
    try:
        sentry_sdk.init(
            dsn=dsn,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            before_send=_reduced,
        )
    except ValueError:
        raise Refused("SENTRY_DSN", "must be the address that Sentry gives for a project.") from None


def _reduced(event, hint):
    """Return a report without what readers typed and what they are known by, which an error may repeat."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    if "request" in kept:
        address = urlsplit(kept["request"].get("url", ""))
        url = address._replace(path=TOKEN.sub("…", address.path), query="", fragment="").geturl()
        kept["request"] = {"method": kept["request"].get("method"), "url": url}
    if "transaction" in kept:
        kept["transaction"] = TOKEN.sub("…", kept["transaction"])
    if "logentry" in kept:
        kept["logentry"] = {"message": kept["logentry"].get("message")}
    for error in kept.get("exception", {}).get("values", ()):
        error.pop("value", None)
    return kept
