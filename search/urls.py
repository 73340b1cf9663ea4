"""Addresses of the search."""

from django.urls import path

from search.views import results, seen

urlpatterns = [
    path("", results.page, name="search"),
    path("feed/", results.feed, name="search_feed"),
    path("suggest/", results.suggest, name="search_suggest"),
    path("seen/", seen.seen, name="search_seen"),
]
