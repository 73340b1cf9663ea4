"""What PUBLIC_URL and ALLOWED_HOSTS say of the address that readers use, and what every address of a server has."""

from urllib.parse import urlsplit

from portal.environment import Refused

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def read(url, hosts, is_http_allowed):
    """Return the address of the site, without a slash at its end.

    Args:
        url: ``https://news.example.org``; without one it is https and the first host.
        hosts: the names that are answered.
        is_http_allowed: whether plain http may leave this machine.

    Raises:
        Refused: the address has no scheme, no host or no number for its port, or it is http unallowed.
    """
    address = (url or f"https://{hosts[0].lstrip('.*')}").rstrip("/")
    parts = split(address, "https", "http")
    if parts is None:
        raise Refused(
            "PUBLIC_URL",
            f"is {address}, which is no address that readers could use. Set it to one such as https://news.example.org.",
        )
    if not (parts.scheme == "https" or parts.hostname in LOOPBACK or is_http_allowed):
        raise Refused(
            "PUBLIC_URL",
            f"is {address}, and plain http is only for this machine. "
            "Use https, or set ALLOW_HTTP=1 if that is really meant.",
        )
    return address


def split(address, *schemes):
    """Return the parts of a server's address, or None without one of the schemes, a host, or a number as its port."""
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:
        # The port is no number: mostly for a sign in a password.
        return None
    return parts if is_whole else None
