"""The outermost layers of every response: health, security headers, the language of the address."""

from django.conf import settings
from django.db import DatabaseError, Error, connection
from django.http import HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from delivery import references, sites
from delivery.migrated import is_migrated

ADMIN_PREFIXES = ("/admin/",)


class HealthMiddleware:
    """Answer /healthz (the process lives) and /readyz (its database answers and is migrated) for any host.

    Nothing else is revealed.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.is_migrated = False

    def __call__(self, request):
        if request.path_info == "/healthz":
            return self.answer(True)
        if request.path_info == "/readyz":
            return self.answer(self.is_ready())
        return self.get_response(request)

    @staticmethod
    def answer(is_well):
        response = HttpResponse("ok\n" if is_well else "unavailable\n", content_type="text/plain")
        response.status_code = 200 if is_well else 503
        response["Cache-Control"] = "no-store"
        return response

    def is_ready(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM delivery_change WHERE id = 0")
            # What a process has seen done is not undone while it lives.
            self.is_migrated = self.is_migrated or is_migrated()
        except DatabaseError:
            return False
        return self.is_migrated


class SecurityHeadersMiddleware:
    """Content Security Policy and its companions.

    Readers' pages allow nothing inline and nothing from elsewhere; a page with a video names its provider in
    ``request.frame_sources``. The admin's own scripts and styles are partly inline.
    """

    READER = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "form-action": "'self'",
    }
    ADMIN = {
        **READER,
        "default-src": "'self' blob:",
        "img-src": "'self' data: blob:",
        "script-src": "'self' 'unsafe-inline'",
        "style-src": "'self' 'unsafe-inline'",
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_admin = request.path_info.startswith(ADMIN_PREFIXES)
        if is_admin:
            response = self.get_response(request)
        else:
            with references.scope():
                response = self.get_response(request)
        policy = dict(self.ADMIN if is_admin else self.READER)
        frames = getattr(request, "frame_sources", ())
        if frames:
            policy["frame-src"] = " ".join(["'self'", *sorted(frames)])
        response.headers.setdefault(
            "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())
        )
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


class UrlLanguageMiddleware(LocaleMiddleware):
    """The address alone decides the language, so nothing varies by what the browser would like.

    Django adds ``Vary: Accept-Language`` to addresses without a prefix, and proxies would keep a copy per value.
    A language without a live front page does not exist: below its prefix nothing is found, in the default language.
    """

    def process_request(self, request):
        # PostgreSQL takes no NUL, in no look-up.
        request.path, request.path_info = request.path.replace("\0", ""), request.path_info.replace("\0", "")
        super().process_request(request)
        if not self.is_for_readers(request.LANGUAGE_CODE):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    @staticmethod
    def is_for_readers(language):
        """Return whether readers can have this language; without a prefix nothing is asked, as for the admin."""
        if language == settings.LANGUAGE_CODE:
            return True
        try:
            return language in sites.live_editions()
        except Error:
            # What answers will meet the same fault, and say so in the language of the address.
            return True

    def process_response(self, request, response):
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
