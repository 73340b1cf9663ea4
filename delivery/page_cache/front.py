"""The WSGI application in front of Django's: which requests it answers, and from where."""

import re

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from delivery import generation
from delivery.middleware import ADMIN_PREFIXES
from delivery.page_cache.answers import Made
from delivery.page_cache.stores import Flights, Memory, Shared, narrowed

# What these answer is private, large or kept elsewhere.
PASSED = (*ADMIN_PREFIXES, settings.STATIC_URL, settings.MEDIA_URL, "/documents/")
LONGEST_QUERY = 500
MOST_HOSTS, LONGEST_HOST = 1_000, 255


class PageCache:
    """A WSGI application that gives what is kept, and has made what is not.

    Args:
        application: the WSGI application that makes the answers.
        watcher: a ``delivery.watching.Watcher`` that must run in this process, or None.
        most_bytes: what the memory of this process keeps at most.
    """

    def __init__(self, application, watcher=None, most_bytes=None):
        self.application = application
        self.watcher = watcher
        self.memory = Memory(settings.PAGE_CACHE_MB * 1024 * 1024 if most_bytes is None else most_bytes)
        self.shared = Shared()
        self.flights = Flights()
        self.hosts = {}
        self.believes_proxy = bool(settings.TRUSTED_PROXY_COUNT)
        self.has_session = re.compile(rf"(?:^|[;\s]){re.escape(settings.SESSION_COOKIE_NAME)}\s*=").search

    def __call__(self, environ, start_response):
        answer = self.at_once(environ)
        if answer:
            return answer.give(start_response)
        # Before the answer is made: what changes while that goes on belongs to the next generation.
        shown, place = generation.shown(), self.place_of(environ)
        if place is None or shown is None or environ["REQUEST_METHOD"] == "HEAD":
            return self.application(environ, start_response)
        return self.make(shown, place, environ, start_response)

    def at_once(self, environ):
        """Return the ``Answer`` that is kept for a request, or None: it must be made. This waits for nothing."""
        if self.watcher:
            self.watcher.ensure()
        shown, place = generation.shown(), self.place_of(environ)
        if place is None or shown is None:
            return None
        kept = self.memory.find(shown, place, environ["QUERY_STRING"])
        return kept.answer(environ) if kept else None

    def place_of(self, environ):
        """Return (scheme, host, path) of a request for something that may be kept, or None."""
        path, host = environ["PATH_INFO"], environ.get("HTTP_HOST", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(PASSED):
            return None
        if len(environ["QUERY_STRING"]) > LONGEST_QUERY or not (self.hosts.get(host) or self.is_ours(host)):
            return None
        cookies = environ.get("HTTP_COOKIE")
        if cookies and self.has_session(cookies):
            return None
        scheme = self.scheme_of(environ) if self.believes_proxy else environ["wsgi.url_scheme"]
        return scheme, host, path

    def is_ours(self, host):
        known = self.hosts.get(host)
        if known is None:
            domain, _port = split_domain_port(host)
            known = bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
            if len(self.hosts) < MOST_HOSTS and len(host) <= LONGEST_HOST:
                self.hosts[host] = known
        return known

    def scheme_of(self, environ):
        """Return http or https as Django will see it, by a proxy that is trusted."""
        said = environ.get("HTTP_X_FORWARDED_PROTO")
        if said is None:
            return environ["wsgi.url_scheme"]
        return "https" if said.split(",", 1)[0].strip() == "https" else "http"

    def make(self, shown, place, environ, start_response):
        """Answer with what is made now, by this request or by another one that asks for the same."""
        query, made = environ["QUERY_STRING"], None
        # Twice at most: the first answer of a place tells which parameters matter, and so who asks for the same.
        for _attempt in range(2):
            flight = self.flight(shown, place, query)
            with self.flights.first(flight) as is_first:
                kept = self.memory.find(shown, place, query)
                if kept is None and is_first:
                    kept, made = self.made(flight, shown, place, environ)
            if kept:
                return kept.answer(environ).give(start_response)
            if made and made.sets_cookies and environ.get("HTTP_COOKIE"):
                # With what the browser has already: a new cookie would spoil a form that is open in another tab.
                made.close()
                break
            if made:
                start_response(made.status, made.headers)
                return made.chunks
        return self.application(environ, start_response)

    def flight(self, shown, place, query):
        """Return what all requests for the same have in common, in every process, whatever it knew before a change."""
        known = self.memory.names(shown, place) or self.shared.names(shown, place)
        return (shown, place, narrowed(query, *known)) if known else (shown, place)

    def made(self, flight, shown, place, environ):
        """Return (what may be kept, None) or (None, what may not)."""
        query = environ["QUERY_STRING"]
        with self.flights.alone_on_host(flight):
            kept = self.shared.find(shown, place, query)
            if kept is None:
                made = Made(self.application, environ)
                if not made.is_for_everybody:
                    return None, made
                kept = made.kept()
                self.shared.keep(shown, place, query, kept)
        self.memory.keep(shown, place, query, kept)
        return kept, None
