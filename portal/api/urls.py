"""Addresses of the public API, below /api/v2/."""

from django.urls import path, re_path

from portal.api.answers import Nowhere
from portal.api.endpoints import Start, router

app_name = "api"

urlpatterns = [
    path("", Start.as_view(), name="start"),
    *router.get_urlpatterns(),
    # Everything else too is answered in JSON, but for an address whose slash is missing: it is redirected.
    re_path(r"^.+/$", Nowhere.as_view()),
]
