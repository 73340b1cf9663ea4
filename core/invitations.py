"""The mail that lets a new colleague choose a password."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.users.models import UserProfile


def send(user):
    """Mail a person the address at which to choose a password, in the language of their profile."""
    profile = UserProfile.get_for_user(user)
    with translation.override(profile.preferred_language or settings.LANGUAGE_CODE):
        path = reverse(
            "wagtailadmin_password_reset_confirm",
            args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
        )
        words = {"user": user, "address": f"{settings.PUBLIC_URL}{path}", "site": settings.PUBLIC_URL}
        subject = render_to_string("core/invitation_subject.txt", words).strip()
        send_mail(subject, render_to_string("core/invitation.txt", words), None, [user.email])
