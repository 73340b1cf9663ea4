"""The people who work on the site."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account; the language of the admin is in Wagtail's own user profile."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Another account already has this e-mail address.")},
    )

    seen_by_readers = False

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
