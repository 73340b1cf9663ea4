"""Links to a page of the site or to an address elsewhere."""

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StreamBlock, StructBlock, StructValue, URLBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.choosers import PageChooserBlock
from delivery import references


class LinkValue(StructValue):
    """A link that knows where it leads, in the language of the page it stands on."""

    def resolve(self, found, language, own_language=None):
        """Return {"label", "url", "page_id", "language", "label_language"}, or None where the target is gone.

        ``language`` is that of the page the link leads to, empty for other sites; ``label_language`` is that of the
        link's words, which are the page's title where the link has none of its own.

        Args:
            found: the ``References`` to look the page up in.
            language: the language code of the page that links.
            own_language: that of the words beside the page, where they are in another.
        """
        page, own = self.get("page"), own_language or language
        if page:
            url, target = found.link(page.pk, language)
            if url is None:
                return None
            spoken = found.language_of(target)
            words = {"label": self["label"], "label_language": own} if self.get("label") else {}
            title = {"label": target.title, "label_language": spoken}
            return {**title, **words, "url": url, "page_id": target.pk, "language": spoken}
        if self.get("url"):
            label = self.get("label") or self["url"]
            return {"label": label, "label_language": own, "url": self["url"], "page_id": None, "language": ""}
        return None

    @property
    def target(self):
        return self.resolve(references.current(), translation.get_language())


class LinkBlock(StructBlock):
    page = PageChooserBlock(required=False, label=_("Page"))
    url = URLBlock(required=False, label=_("or web address"))
    label = CharBlock(
        required=False, max_length=120, label=_("Words of the link"), help_text=_("A page's title is used if empty.")
    )

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue

    def clean(self, value):
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        if bool(value.get("page")) == bool(value.get("url")):
            message = ValidationError(_("Choose either a page or a web address."))
            raise StructBlockValidationError(block_errors={"page": message})
        if value.get("url") and not value.get("label"):
            raise StructBlockValidationError(
                block_errors={"label": ValidationError(_("A web address needs words for its link."))}
            )
        return value


class NavigationBlock(StreamBlock):
    """The links of a menu, in order."""

    link = LinkBlock()

    class Meta:
        max_num = 12


class SocialLinkBlock(StructBlock):
    label = CharBlock(max_length=60, label=_("Name"), help_text=_("For example Mastodon."))
    url = URLBlock(label=_("Web address"))

    class Meta:
        icon = "user"
        label = _("Social media account")


class SocialLinksBlock(StreamBlock):
    account = SocialLinkBlock()

    class Meta:
        max_num = 8


class CallToActionBlock(LinkBlock):
    text = CharBlock(required=False, max_length=250, label=_("Sentence above the button"))

    class Meta:
        icon = "arrow-right"
        label = _("Call to action")
        group = _("Guide the reader")
        description = _("One button that leads to the next step.")
        template = "blocks/call_to_action.html"
        preview_value = {
            "text": "The plan is open for comments until the end of the month.",
            "url": "https://plans.example/",
            "label": "Read the plan here",
        }


class LinkListBlock(StructBlock):
    title = CharBlock(max_length=120, label=_("Heading"))
    links = ListBlock(LinkBlock(), min_num=1, max_num=20, label=_("Links"))

    class Meta:
        icon = "list-ul"
        label = _("List of links")
        group = _("Guide the reader")
        description = _("Links to pages of this site or to other sites, under a heading.")
        template = "blocks/link_list.html"
        preview_value = {
            "title": "Read more",
            "links": [
                {"url": "https://plans.example/", "label": "The plan for health research"},
                {"url": "https://units.example/", "label": "Directory of trials units"},
            ],
        }
