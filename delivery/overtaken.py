"""Two save the same page or snippet at the same moment: whoever comes second begins again, from what is stored by then.

Wagtail reads a row, looks at what was sent, and then writes the whole row as it was read. So a draft that was on its
way while a colleague published took the article from its readers again; the second of two who approved, or who took
the same address, got an error; and what a form saved by itself took back what a person saved after it, and left topics
and authors twice.
https://github.com/wagtail/wagtail/issues/13863
"""

from contextlib import nullcontext
from functools import wraps

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView

from delivery.tree import hold_the_tree

FORMS = (CreateView, EditView, CreateEditViewOptionalFeaturesMixin)


class Overtaken(Exception):
    """What a form was looked at with is not what is stored any more."""


def mend():
    """Replace the methods, once when Django starts; the former ones stay as their ``__wrapped__``."""
    CreateEditViewOptionalFeaturesMixin.get_object = noting_the_row(CreateEditViewOptionalFeaturesMixin.get_object)
    for view in FORMS:
        view.form_valid = beginning_again(view.form_valid)


def noting_the_row(get_object):
    """Return ``get_object`` that notes what is stored of a snippet, before a form writes into the same instance."""

    @wraps(get_object)
    def noting(self, queryset=None):
        found = get_object(self, queryset)
        if found and self.request.method == "POST":
            self.stored = as_stored(self.live_object)
        return found

    return noting


def beginning_again(form_valid):
    """Return ``form_valid`` that answers the request once more, from its beginning, where it was overtaken."""

    @wraps(form_valid)
    def answer(self, form):
        form.save = unless_overtaken(self, form)
        try:
            return form_valid(self, form)
        except Overtaken:
            pass
        except (IntegrityError, ValidationError):
            # Where somebody has taken an address since the form was looked at, it says so when it is looked at again.
            if has_written(self, form) or getattr(self.request, "has_begun_again", False):
                raise
            self.request.has_begun_again = True
        match = self.request.resolver_match
        return match.func(self.request, *match.args, **match.kwargs)

    return answer


def unless_overtaken(view, form):
    """Return a form's ``save`` that holds the row, and raises ``Overtaken`` if it is another one by now."""
    save, page = form.save, getattr(view, "real_page_record", None)

    def save_in_turn(commit=True):
        # What is not written yet waits for nobody.
        with transaction.atomic() if commit else nullcontext():
            if commit and page and "slug" in form.changed_data:
                # Before the row, as whoever adds or moves does.
                hold_the_tree()
            if is_overtaken(view):
                raise Overtaken
            return save(commit=commit)

    return save_in_turn


def is_overtaken(view):
    page = getattr(view, "real_page_record", None)
    stored = as_stored(page) if page else getattr(view, "stored", None)
    if stored is None:
        return False
    row = page or view.object
    rows = type(row)._base_manager.filter(pk=row.pk)
    now = (rows.select_for_update(no_key=True) if connection.in_atomic_block else rows).first()
    if now is None or as_stored(now) != stored:
        return True
    return bool(page) and view.action_name == "perform_workflow_action" and not view.workflow_action_is_valid()


def has_written(view, form):
    """Return whether some of what a form gives is stored: it would be stored twice if the form were saved again."""
    if getattr(view, "real_page_record", None) or getattr(view, "stored", None):
        return is_overtaken(view)
    return type(form.instance)._base_manager.filter(pk=form.instance.pk).exists()


def as_stored(row):
    """Return the values of a row, and when its latest version was written: that can be written over."""
    values = {field.attname: field.get_prep_value(getattr(row, field.attname)) for field in row._meta.concrete_fields}
    latest = getattr(row, "latest_revision", None)
    return values, latest and latest.created_at
