"""The edit form of an article."""

from django.utils.translation import gettext_lazy as _

from core.page_forms import PageForm

TWICE = _("This one is chosen already. Remove it here, or choose another one.")


class ArticleForm(PageForm):
    """An article has each of its topics and authors once, whichever language they were chosen in."""

    def clean(self):
        cleaned = super().clean()
        if not self.is_deferred_validation:
            for relation, name in (("article_topics", "topic"), ("article_authors", "author")):
                refuse_twice(self.formsets[relation], name)
        return cleaned


def refuse_twice(rows, name):
    """Add an error to each row of a formset whose term is that of a row above it."""
    seen = set()
    for row in rows.forms:
        if row.is_valid() and not row.cleaned_data.get("DELETE") and (term := row.cleaned_data.get(name)):
            if term.translation_key in seen:
                row.add_error(name, TWICE)
            seen.add(term.translation_key)
