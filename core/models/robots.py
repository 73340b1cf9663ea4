"""What editors tell robots about the site."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

# Results of searches are endless and of no use in another search; the empty search page may be listed.
USUAL_RULES = """User-agent: *
Disallow: /admin/
Disallow: /*?q=
"""
RULE = re.compile(r"[A-Za-z][A-Za-z-]*\s*:\s*\S.*|Disallow\s*:\s*|#.*|\s*", re.IGNORECASE)


@register_setting(icon="cogs", order=900)
class Robots(BaseGenericSetting):
    """The rules in /robots.txt; the site maps are added to them."""

    rules = models.TextField(
        _("rules"),
        default=USUAL_RULES,
        blank=True,
        max_length=20_000,
        help_text=_(
            "One rule a line, for example “User-agent: GPTBot” and under it “Disallow: /”. A robot follows them or not "
            "as it likes; pages that must stay private need a password. The site maps are added by themselves."
        ),
    )

    panels = [FieldPanel("rules")]

    class Meta:
        verbose_name = _("robots")

    def __str__(self):
        return "robots.txt"

    def clean(self):
        super().clean()
        for number, line in enumerate(self.rules.splitlines(), 1):
            if not RULE.fullmatch(line):
                message = _("Line %(number)s is no rule: write a name, a colon and a value, or begin it with #.")
                raise ValidationError({"rules": message % {"number": number}})
