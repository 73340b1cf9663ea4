"""How often one client may ask: a small token bucket in each process, forgotten when it ends."""

import ipaddress
import threading
import time
from collections import OrderedDict

from django.conf import settings

CLIENTS = 10_000
# One household or office has at least this much of the IPv6 addresses.
IPV6_NETWORK = 64
# The network around it, of which somebody may have all addresses: of IPv4 and IPv6.
AROUND = {4: 24, 6: 48}


class Limit:
    """So many calls in so many seconds for each key; what was not used is saved up to that number.

    Args:
        count: calls that are allowed at once.
        seconds: how long it takes until as many are allowed again.
        clients: keys that are remembered; the one that has been silent longest is forgotten first.
    """

    def __init__(self, count, seconds, clients=CLIENTS):
        self.count = count
        self.per_second = count / seconds
        self.clients = clients
        self.left = OrderedDict()
        self.lock = threading.Lock()

    def allows(self, key):
        """Count a call of this key, and return whether it is within the limit."""
        now = time.monotonic()
        with self.lock:
            left, then = self.left.pop(key, (self.count, now))
            left = min(self.count, left + (now - then) * self.per_second)
            allowed = left >= 1
            self.left[key] = (left - 1 if allowed else left, now)
            while len(self.left) > self.clients:
                self.left.popitem(last=False)
        return allowed

    def give_back(self, key):
        """Take back a call of this key that was allowed: it is not to count."""
        with self.lock:
            if key in self.left:
                left, then = self.left[key]
                self.left[key] = (min(self.count, left + 1), then)

    def forget(self):
        """Begin anew (tests)."""
        with self.lock:
            self.left.clear()


def client_address(request):
    """Return the address of who asks, of IPv6 the network: by the proxies that are trusted, and by nothing else.

    Each proxy adds to the right of ``X-Forwarded-For`` whom it was asked by, so with ``TRUSTED_PROXY_COUNT`` proxies
    the client is so many places from the right, and what stands further left is whatever the client wrote.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    count = settings.TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if count and len(forwarded) >= count:
        return _network(forwarded[-count].strip()) or _network(direct) or direct
    return _network(direct) or direct


def network_around(address):
    """Return the network around what ``client_address`` returned, or the same for what is no address."""
    try:
        network = ipaddress.ip_network(address)
    except ValueError:
        return address
    return str(network.supernet(new_prefix=AROUND[network.version]))


def _network(text):
    """Return the address, of IPv6 its network, in one spelling; or None for what is no address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, IPV6_NETWORK), strict=False))
