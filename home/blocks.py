"""Blocks of the accessibility statement."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, StructBlock, TextBlock

FAILURE = "failure"
# The three reasons of the European model statement (Implementing Decision (EU) 2018/1523), which the UK's has too.
REASONS = {
    FAILURE: _("Not conformant yet"),
    "burden": _("Would be a disproportionate burden to mend"),
    "scope": _("Not covered by accessibility law"),
}


class BarrierBlock(StructBlock):
    what = TextBlock(
        max_length=400, label=_("Barrier"), help_text=_("What is hard to use, and for whom. One barrier at a time.")
    )
    why = TextBlock(max_length=400, label=_("Why, and what readers can do meanwhile"))
    until = CharBlock(
        required=False, max_length=80, label=_("Mended by"), help_text=_("A date in words, such as June 2027.")
    )
    reason = ChoiceBlock(choices=list(REASONS.items()), default=FAILURE, label=_("Reason"))

    class Meta:
        icon = "warning"
        label = _("Barrier")
