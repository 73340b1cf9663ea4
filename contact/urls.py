"""Addresses of the contact forms; the page itself is in the page tree."""

from django.urls import path

from contact import views

urlpatterns = [
    path("", views.EnquiryView.as_view(), name="enquiry"),
    path("<str:token>/", views.thanks, name="enquiry_thanks"),
]
