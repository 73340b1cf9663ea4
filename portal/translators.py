"""What MACHINE_TRANSLATION_URL says; ``translation.machine`` makes a translator of it."""

from portal import addresses
from portal.environment import Refused

KINDS = ("deepl", "libretranslate+https", "libretranslate+http")


def read(url):
    """Return an address as it is given; empty without one.

    Raises:
        Refused: it names no service that is known, or no host or key.
    """
    parts = addresses.parts(url)
    if url and not (parts.scheme in KINDS and parts.netloc):
        raise Refused("MACHINE_TRANSLATION_URL", "must be such as deepl://KEY or libretranslate+https://host/?key=KEY.")
    return url
