"""What FRONT_CACHE_URL says, as the setting of ``wagtail.contrib.frontend_cache``."""

from urllib.parse import parse_qsl

from portal import addresses
from portal.environment import Refused

BACKENDS = {
    "http": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
    "https": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
    "cloudflare": "delivery.cloudflare.WholeZone",
    "cloudfront": "wagtail.contrib.frontend_cache.backends.CloudfrontBackend",
    "azurecdn": "wagtail.contrib.frontend_cache.backends.AzureCdnBackend",
    "azurefrontdoor": "wagtail.contrib.frontend_cache.backends.AzureFrontDoorBackend",
}


def read(url):
    """Return the setting WAGTAILFRONTENDCACHE; empty without an address.

    Args:
        url: ``http://host:port`` of Varnish or another cache that takes PURGE; or the name of a service with the
            options of Wagtail's back end, ``cloudfront://?distribution_id=…``.

    Raises:
        Refused: the address names no kind of cache that is known, or no host of one.
    """
    parts = addresses.parts(url)
    if not url:
        return {}
    if parts.scheme not in BACKENDS:
        raise Refused("FRONT_CACHE_URL", f"must begin with one of {', '.join(BACKENDS)}.")
    options = {name.upper(): value for name, value in parse_qsl(parts.query)}
    if parts.scheme.startswith("http"):
        if addresses.split(url, "http", "https") is None:
            raise Refused("FRONT_CACHE_URL", "must name the host of the cache, such as http://127.0.0.1:6081.")
        options["LOCATION"] = f"{parts.scheme}://{parts.netloc}"
    return {"default": {"BACKEND": BACKENDS[parts.scheme], **options}}
