"""Blocks of words: headings, paragraphs, quotes, key points, questions, footnotes."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, RichTextBlock, StructBlock, TextBlock

INLINE_FEATURES = ["bold", "italic", "link", "document-link", "superscript", "subscript"]


class HeadingBlock(StructBlock):
    text = CharBlock(max_length=150, label=_("Heading"))
    level = ChoiceBlock(choices=[("2", _("Section")), ("3", _("Part of a section"))], default="2", label=_("Level"))

    class Meta:
        icon = "title"
        label = _("Heading")
        group = _("Text")
        description = _("Divides the text and appears in its table of contents.")
        template = "blocks/heading.html"
        preview_value = {"text": "Trials that are led together", "level": "2"}

    def get_searchable_content(self, value):
        """Wagtail would add the name of the level, which no reader sees."""
        return self.child_blocks["text"].get_searchable_content(value["text"])


class ParagraphBlock(RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = _("Text")
        description = _("Paragraphs and lists, with links. A footnote is marked by its number in brackets: [1].")
        template = "blocks/paragraph.html"
        preview_value = "<p>Research in our hospitals works when many people pull the same way.</p>"


class QuoteBlock(StructBlock):
    text = TextBlock(max_length=600, label=_("Quotation"))
    attribution = CharBlock(max_length=120, label=_("Who said it"))
    role = CharBlock(required=False, max_length=160, label=_("Role"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        group = _("Text")
        description = _("A sentence that somebody said, with a name or role.")
        template = "blocks/quote.html"
        preview_value = {
            "text": "A rule is only lighter when it is lighter for the person who has to follow it.",
            "attribution": "Chair of the regulation group",
            "role": "",
        }


class KeyPointsBlock(StructBlock):
    title = CharBlock(max_length=80, label=_("Heading"))
    points = ListBlock(CharBlock(max_length=250, label=_("Point")), min_num=2, max_num=7, label=_("Points"))

    class Meta:
        icon = "tick-inverse"
        label = _("Key points")
        group = _("Text")
        description = _("What a reader in a hurry should take away.")
        template = "blocks/key_points.html"
        preview_value = {
            "title": "In short",
            "points": ["We welcome the plan.", "Academic trials need a named place in it."],
        }


class QuestionBlock(StructBlock):
    question = CharBlock(max_length=200, label=_("Question"))
    answer = RichTextBlock(label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question and answer")


class QuestionsBlock(StructBlock):
    title = CharBlock(max_length=120, label=_("Heading"))
    items = ListBlock(QuestionBlock(), min_num=1, max_num=30, label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        group = _("Text")
        description = _("Questions that open to show their answers.")
        template = "blocks/questions.html"
        preview_value = {
            "title": "Questions we are asked",
            "items": [{"question": "Who may take part?", "answer": "<p>Every registered unit.</p>"}],
        }


class FootnotesBlock(StructBlock):
    notes = ListBlock(
        RichTextBlock(features=INLINE_FEATURES, label=_("Note")),
        min_num=1,
        max_num=99,
        label=_("Notes"),
        help_text=_("The first note belongs to [1] in the text, the second to [2], and so on."),
    )

    class Meta:
        icon = "list-ol"
        label = _("Footnotes")
        group = _("Text")
        description = _("Numbered notes, linked from their numbers in the text.")
        template = "blocks/footnotes.html"
        preview_value = {"notes": ["Four Nations Trials Network, annual report, 2025."]}
