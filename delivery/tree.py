"""Pages that several people save, add, move and delete at the same moment: each from where it is in the tree by then.

Whoever publishes, adds, moves or deletes has read the tree before they wait for those who are writing: who moves a
section of thousands, say, or changes its address. With Wagtail and treebeard alone what was published meanwhile went
back into a place that another page may have; what was added had the section's old address, and was nowhere; what was
moved out of the section stayed in it, and what was moved into it came to another page; another page was deleted.
https://github.com/django-treebeard/django-treebeard/issues/53
"""

from functools import wraps

from django.db import connection, transaction
from treebeard.mp_tree import MP_MoveHandler, MP_NodeQuerySet
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

# What treebeard alone changes, of many rows at once.
PLACE = ("path", "depth", "numchild")


class Moved(Exception):
    """A page is not where it was read."""


def mend():
    """Replace the methods, once when Django starts; the former ones stay as their ``__wrapped__``."""
    Page.save = in_its_place(Page.save)
    Page.add_child = where_it_is(Page.add_child)
    MP_MoveHandler.process = unless_moved(MP_MoveHandler.process)
    MP_NodeQuerySet.delete = where_they_are(MP_NodeQuerySet.delete)
    MovePageAction.execute = from_where_it_is(MovePageAction.execute)


def in_its_place(save):
    """Return a page's ``save`` that keeps the place which the page has by now in the tree, and the address of it.

    The old place, written back, may be another page's; a number of children that is none lets no page be added.
    """

    @wraps(save)
    def save_there(self, *args, **kwargs):
        if not self.pk or kwargs.get("update_fields") is not None:
            return save(self, *args, **kwargs)
        with transaction.atomic():
            if is_renamed(self):
                hold_the_tree()
            stored = take_place(self)
            if stored and self.url_path != stored.url_path:
                self.set_url_path(stored.get_parent())
            return save(self, *args, **kwargs)

    return save_there


def is_renamed(page):
    """Return whether a page gets another slug, where that matters: without locks of rows, all writers take turns."""
    has_locks = connection.features.has_select_for_update
    return has_locks and Page.objects.filter(pk=page.pk).exclude(slug=page.slug).exists()


def take_place(page):
    """Hold the row of a page, put its place there into the instance, and return the row, or None if it is gone."""
    stored = Page.objects.select_for_update(no_key=True).filter(pk=page.pk).only(*PLACE, "url_path").first()
    if stored and (page.path, page.url_path) != (stored.path, stored.url_path):
        vars(page).pop("_cached_parent_obj", None)
    if stored:
        vars(page).update({name: getattr(stored, name) for name in PLACE})
    return stored


def take_place_and_address(page):
    stored = take_place(page)
    if stored:
        page.url_path = stored.url_path


def where_it_is(add_child):
    """Return a page's ``add_child`` that adds to where the page is by now, at the address that it has by now."""

    @wraps(add_child)
    def add_in_turn(self, **kwargs):
        with transaction.atomic():
            hold_the_tree()
            take_place_and_address(self)
            return add_child(self, **kwargs)

    return add_in_turn


def hold_the_tree():
    """Let nobody else add pages below others, move, rename or delete them, before the end of this transaction."""
    if connection.features.has_select_for_update:
        list(Page.objects.select_for_update(no_key=True).order_by("path").values_list("pk")[:1])


def unless_moved(process):
    """Return treebeard's move that raises ``Moved`` if a page is not where it was read."""

    @wraps(process)
    def move_in_turn(self):
        if isinstance(self.node, Page):
            hold_the_tree()
            for page in (self.node, self.target):
                stored = Page.objects.only(*PLACE, "url_path").get(pk=page.pk)
                if any(getattr(stored, name) != getattr(page, name) for name in (*PLACE, "url_path")):
                    raise Moved
        return process(self)

    return move_in_turn


def from_where_it_is(execute):
    """Return Wagtail's move of a page from where it is by now, to where its new place is by now."""

    @wraps(execute)
    def move(self, *args, **kwargs):
        with transaction.atomic():
            # In the order in which the move itself holds them.
            hold_the_tree()
            take_place_and_address(self.page)
            take_place_and_address(self.target)
        try:
            return execute(self, *args, **kwargs)
        except Moved:
            return move(self, *args, **kwargs)

    return move


def where_they_are(delete):
    """Return a queryset's ``delete`` that looks where pages are, and what is below them, when that stays so."""

    @wraps(delete)
    def delete_in_turn(self, *args, **kwargs):
        with transaction.atomic():
            if issubclass(self.model, Page):
                hold_the_tree()
            return delete(self, *args, **kwargs)

    return delete_in_turn
