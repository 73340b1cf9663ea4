"""Addresses of the newsletter: signing up, confirming, preferences, leaving."""

urlpatterns = []
