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
    found = split(address, "https", "http")
    if found is None:
        raise Refused(
            "PUBLIC_URL",
            f"is {address}, which is no address that readers could use. Set it to one such as https://news.example.org.",
        )
    if not (found.scheme == "https" or found.hostname in LOOPBACK or is_http_allowed):
        raise Refused(
            "PUBLIC_URL",
            f"is {address}, and plain http is only for this machine. "
            "Use https, or set ALLOW_HTTP=1 if that is really meant.",
        )
    return address


def split(address, *schemes):
    """Return the parts of a server's address, or None without one of the schemes, a host, or a number as its port."""
    found = parts(address)
    try:
        is_whole = found.scheme in schemes and found.hostname and found.port != 0
    except ValueError:
        # The port is no number: mostly for a sign in a password.
        return None
    return found if is_whole else None


def parts(address):
    """Return the parts of an address, all empty where it cannot be taken apart (``http://[x``)."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
