"""What EMAIL_URL, MAILBOX_URL and the names of senders say, as Django's settings."""

from email.errors import ObsoleteHeaderDefect
from email.headerregistry import HeaderRegistry
from importlib.util import find_spec
from urllib.parse import parse_qsl

import environ

from portal import addresses
from portal.environment import Refused

SERVERS = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
ELSEWHERE = ("anymail", "filemail", "consolemail", "memorymail", "dummymail")


def read(url, timeout, webhook_secret=""):
    """Return the settings for where mail goes.

    Args:
        url: ``smtp+tls://user:password@host:587`` and others of django-environ, or ``anymail://provider?setting=value``
            with the name of a back end of django-anymail and its settings.
        timeout: seconds after which a mail server that does not answer is given up.
        webhook_secret: ``user:password`` by which the provider's reports are known; without it none are taken.

    Returns:
        {name: value}; the back end is ``MAIL_TRANSPORT``.

    Raises:
        Refused: the address names no server and no provider.
    """
    kind = url.partition(":")[0]
    if kind not in ELSEWHERE and addresses.split(url, *SERVERS) is None:
        raise Refused(
            "EMAIL_URL",
            "must be such as smtp+tls://user:password@host:587, with special characters of the password as in %40.",
        )
    if kind == "anymail":
        return _provider(addresses.parts(url), timeout, webhook_secret)
    found = environ.Env.email_url_config(url)
    backend = found.pop("EMAIL_BACKEND")
    # Ours knows what is known of a mail when something goes wrong.
    transport = backend.replace("django.core.mail.backends.smtp.Email", "core.transport.SMTP")
    return found | {"MAIL_TRANSPORT": transport, "EMAIL_TIMEOUT": timeout}


def _provider(parts, timeout, webhook_secret):
    name = parts.netloc.lower()
    if not name.isidentifier() or find_spec(f"anymail.backends.{name}") is None:
        raise Refused(
            "EMAIL_URL", "must name a provider that django-anymail knows, such as anymail://postmark?server_token=…"
        )
    if webhook_secret and not all(webhook_secret.partition(":")):
        raise Refused("WEBHOOK_SECRET", "must be a name and a password, with a colon.")
    given = {f"{name}_{key}".upper(): value for key, value in parse_qsl(parts.query)}
    settings = {
        # What a provider cannot do, such as another sender of the envelope, is left out.
        "IGNORE_UNSUPPORTED_FEATURES": True,
        "REQUESTS_TIMEOUT": timeout,
        **given,
    }
    if webhook_secret:
        settings["WEBHOOK_SECRET"] = webhook_secret
    return {"MAIL_TRANSPORT": f"anymail.backends.{name}.EmailBackend", "ANYMAIL": settings, "EMAIL_TIMEOUT": timeout}


def address(name, given):
    """Return an address alone, without the name of a person that may come before it: ``Newsroom <news@example.org>``.

    Args:
        name: of the setting.
        given: its value.

    Raises:
        Refused: it holds no address, or more than one.
    """
    found = _addresses(given)
    if len(found) != 1 or given.strip(", ") != given.strip():
        raise Refused(name, "must be one address, such as news@example.org or Newsroom <news@example.org>.")
    return found[0].addr_spec


def _addresses(given):
    """Return the addresses in a text, or none if it is not made of addresses."""
    try:
        # ``email.utils`` refuses, in a Python with the mend of CVE-2023-27043, the address of a host that has no name.
        header = HeaderRegistry()("To", given)
        # A name with a full stop wants quotes by the standard, and seldom has them: Portal Inc. <news@example.org>.
        is_readable = all(isinstance(defect, ObsoleteHeaderDefect) for defect in header.defects)
    except (AttributeError, IndexError, NameError, TypeError, ValueError):
        # Python's parser stumbles over what is no address.
        return ()
    return header.addresses if is_readable else ()


def mailbox(url):
    """Return the address of a mailbox as it is given; empty without one.

    Args:
        url: ``imaps://user:password@host/folder``, or ``imap://`` on this machine.

    Raises:
        Refused: it names no mailbox, or the password would go through the network as it is.
    """
    parts = addresses.split(url, "imaps", "imap")
    if url and parts is None:
        raise Refused(
            "MAILBOX_URL",
            "must be such as imaps://user:password@host/INBOX, with special characters of the password as in %40.",
        )
    if url and parts.scheme == "imap" and parts.hostname not in addresses.LOOPBACK:
        raise Refused("MAILBOX_URL", "with imap:// is only for this machine: the password would be readable.")
    return url
