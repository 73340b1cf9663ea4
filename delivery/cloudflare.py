"""Wagtail's back end for Cloudflare, which knows single addresses only, made to empty the zone."""

import requests
from wagtail.contrib.frontend_cache.backends import CloudflareBackend

TIMEOUT = 30


class WholeZone(CloudflareBackend):
    """Empties the whole zone (https://developers.cloudflare.com/api/resources/cache/methods/purge/)."""

    def purge_batch(self, urls):
        """Empty the zone, whatever the addresses.

        Raises:
            requests.RequestException: it could not be reached, or refused.
        """
        if self.cloudflare_token:
            headers = {"Authorization": f"Bearer {self.cloudflare_token}"}
        else:
            headers = {"X-Auth-Email": self.cloudflare_email, "X-Auth-Key": self.cloudflare_api_key}
        everything = {"purge_everything": True}
        requests.post(
            self.cloudflare_purge_endpoint_url, json=everything, headers=headers, timeout=TIMEOUT
        ).raise_for_status()
