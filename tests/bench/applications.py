"""The WSGI applications that Portal is measured against, and Portal without its page cache.

Each is made when it is asked for by name, as ``tests.bench.applications:raw_hello``.
"""

from functools import cache

WORDS = b"Hello"


def raw_hello(environ, start_response):
    """Answer without any framework: what the server itself costs."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(WORDS)))])
    return [WORDS]


@cache
def _django_hello():
    """Return Django with the middleware that `startproject` writes, and one view that does nothing."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import path

    settings.configure(
        SECRET_KEY="only-for-measurements",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=(path("", lambda request: HttpResponse(WORDS)),),
        INSTALLED_APPS=[f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages")],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )
    return get_wsgi_application()


@cache
def _uncached():
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def __getattr__(name):
    makers = {"django_hello": _django_hello, "uncached": _uncached}
    if name not in makers:
        raise AttributeError(name)
    return makers[name]()
