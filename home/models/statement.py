"""The accessibility statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import extract_references_from_rich_text
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import portable
from core.accessibility import CHECKS
from core.models import BasePage
from home.blocks import REASONS, BarrierBlock
from home.forms import StatementForm

FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]
# After the model statements of the UK's Government Digital Service and the W3C.
SECTIONS = {
    "state": _("How accessible this website is"),
    "barriers": _("Known barriers"),
    "report": _("Report a barrier"),
    "alternatives": _("If you need another form"),
    "complaints": _("If our answer does not help"),
    "technologies": _("What this website relies on"),
    "tests": _("How this website is tested"),
    "statement": _("About this statement"),
}


class AccessibilityPage(BasePage):
    """The accessibility statement: editors write what only they know, the rest is what the software is tested for."""

    class Conformance(models.TextChoices):
        FULL = "full", _("Conforms fully with WCAG 2.2, level AA")
        PART = "part", _("Conforms in part with WCAG 2.2, level AA")

    introduction = RichTextField(
        _("introduction"),
        features=FEATURES,
        help_text=_("What readers should be able to do on this site."),
    )
    conformance = models.CharField(
        _("state"),
        max_length=4,
        choices=Conformance.choices,
        default=Conformance.PART,
        help_text=_("Of the whole site, its documents included."),
    )
    reviewed_on = models.DateField(_("last reviewed"), help_text=_("Review the statement at least once a year."))
    barriers = StreamField([("barrier", BarrierBlock())], verbose_name=_("known barriers"), blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    answer_time = models.CharField(
        _("answer expected"), max_length=120, blank=True, help_text=_("Such as: within three working days.")
    )
    alternatives = RichTextField(
        _("other forms"),
        blank=True,
        features=FEATURES,
        help_text=_("What readers can have instead: large print, plain text, a recording, an interpreter."),
    )
    complaints = RichTextField(
        _("complaints"),
        blank=True,
        features=FEATURES,
        help_text=_("Who can be asked if an answer does not help. Public bodies name the one that enforces the law."),
    )
    people_tests = RichTextField(
        _("tests by people"),
        blank=True,
        features=FEATURES,
        help_text=_("Who has tried the site, and with what. The automatic tests are listed by the page itself."),
    )

    base_form_class = StatementForm
    text_template = "home/_statement.html"
    twins = {"md": portable.markdown}

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    edit_handler = BasePage.tabs(
        [
            *BasePage.content_panels,
            FieldPanel("introduction"),
            FieldRowPanel([FieldPanel("conformance"), FieldPanel("reviewed_on")]),
            FieldPanel("barriers"),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]), FieldPanel("answer_time")],
                heading=_("How to report a barrier"),
            ),
            *(FieldPanel(name) for name in ("alternatives", "complaints", "people_tests")),
        ]
    )

    search_fields = [
        *BasePage.search_fields,
        *(index.SearchField(name) for name in ("introduction", "barriers", "alternatives", "complaints")),
    ]

    translatable_fields = [
        *BasePage.base_translatable_fields,
        TranslatableField("introduction"),
        SynchronizedField("conformance"),
        SynchronizedField("reviewed_on"),
        TranslatableField("barriers"),
        SynchronizedField("email"),
        SynchronizedField("phone"),
        TranslatableField("answer_time"),
        TranslatableField("alternatives"),
        TranslatableField("complaints"),
        TranslatableField("people_tests"),
    ]

    api_fields = [
        *BasePage.api_fields,
        *("introduction", "conformance", "reviewed_on", "barriers", "email", "phone", "answer_time"),
        *("alternatives", "complaints", "people_tests"),
    ]

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")

    @property
    def sections(self):
        """The sections that this statement has, in their order, as {"id", "text"}."""
        return [
            {"id": name, "text": heading}
            for name, heading in SECTIONS.items()
            if name not in ("alternatives", "complaints") or getattr(self, name)
        ]

    @property
    def barriers_by_reason(self):
        """The known barriers as (heading, barriers) for each reason that there is."""
        by_reason = {reason: [] for reason in REASONS}
        for block in self.barriers:
            by_reason[block.value["reason"]].append(block.value)
        return [(REASONS[reason], barriers) for reason, barriers in by_reason.items() if barriers]

    def announce_text(self, found):
        super().announce_text(found)
        for text in (self.introduction, self.alternatives, self.complaints, self.people_tests):
            for model, pk, *_path in extract_references_from_rich_text(text):
                found.want(model, [pk])

    def text_context(self):
        return super().text_context() | {"headings": SECTIONS, "checks": CHECKS.values()}

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | self.text_context()
