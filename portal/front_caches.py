"""What FRONT_CACHE_URL says, as the setting of ``wagtail.contrib.frontend_cache``."""

from urllib.parse import parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

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
        ImproperlyConfigured: the address names no kind of cache that is known.
    """
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme not in BACKENDS:
        known = ", ".join(BACKENDS)
        raise ImproperlyConfigured(f"Portal cannot start: FRONT_CACHE_URL must begin with one of {known}.")
    options = {name.upper(): value for name, value in parse_qsl(parts.query)}
    if parts.scheme.startswith("http"):
        options["LOCATION"] = f"{parts.scheme}://{parts.netloc}"
    return {"default": {"BACKEND": BACKENDS[parts.scheme], **options}}
