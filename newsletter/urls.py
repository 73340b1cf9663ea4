"""Addresses of the newsletter: signing up, confirming, preferences, leaving."""

from django.urls import path

from newsletter.views import counted, leaving, preferences, signup

urlpatterns = [
    path("", signup.newsletter, name="newsletter"),
    path("thanks/", signup.thanks, name="newsletter_thanks"),
    path("confirm/<str:token>/", signup.Confirm.as_view(), name="newsletter_confirm"),
    path("preferences/<str:token>/", preferences.Preferences.as_view(), name="newsletter_preferences"),
    path("go/<str:token>/", counted.follow, name="newsletter_go"),
    path("seen/<str:token>/", counted.seen, name="newsletter_seen"),
    path("leave/<str:token>/", leaving.Leave.as_view(), name="newsletter_leave"),
]
