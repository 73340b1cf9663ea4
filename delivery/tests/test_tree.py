"""Several people save, add and move pages at the same moment: each page is where somebody wanted it, and is found."""

from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection
from treebeard.mp_tree import MP_MoveHandler, MP_NodeQuerySet
from wagtail.actions.move_page import MovePageAction, MovePagePermissionError
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page
from wagtail.signals import pre_page_move

from delivery.tree import hold_the_tree
from home.models import StandardPage
from news.models import ArticlePage
from tests.factories import make_article
from tests.slowly import slowly
from tests.soak.admin_acts import fields, streams

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MENDED = (
    *((Page, "save"), (Page, "add_child"), (MP_MoveHandler, "process"), (MovePageAction, "execute")),
    (MP_NodeQuerySet, "delete"),
)


@pytest.fixture(params=[False, True], ids=["mended", "stock"])
def is_stock(request, monkeypatch):
    for owner, name in MENDED if request.param else ():
        monkeypatch.setattr(owner, name, getattr(owner, name).__wrapped__)
    return request.param


def stored(page):
    return Page.objects.get(pk=page.pk)


def rename(page, slug):
    page = stored(page).specific
    page.slug = slug
    page.save()


def add(parent, title):
    """Add a page, and return it as it is read."""
    return stored(parent.add_child(instance=StandardPage(title=title, summary="What it says.")))


def is_sound():
    return not any(Page.find_problems())


@pytest.fixture
def sections(site):
    """A page in a section, that section, and another one after it."""
    first, second = add(site.home, "First"), add(site.home, "Second")
    return add(first, "Page"), first, second


def publishing(page):
    return PublishPageRevisionAction(page.save_revision())


@pytest.mark.parametrize("action", [publishing, UnpublishPageAction])
def test_who_publishes_or_withdraws_does_not_undo_a_move(site, is_stock, action):
    article = make_article(site)
    decided = action(ArticlePage.objects.get(pk=article.pk))
    stored(article).move(site.home, pos="last-child")
    decided.execute()
    moved = ArticlePage.objects.get(pk=article.pk)
    assert moved.live is (action is publishing)
    assert (moved.get_parent().pk, moved.url_path) == (
        (site.news["en"].pk, article.url_path) if is_stock else (site.home.pk, f"{site.home.url_path}{article.slug}/")
    )


def test_who_publishes_keeps_the_new_address_of_a_section(site, is_stock):
    article = make_article(site)
    decided = publishing(article)
    rename(site.news["en"], "newsroom")
    decided.execute()
    assert ("/newsroom/" in stored(article).url_path) is not is_stock


def test_who_publishes_a_section_counts_what_was_added_to_it_meanwhile(site, is_stock):
    section = site.news["en"]
    decided = publishing(section)
    make_article(site)
    decided.execute()
    assert stored(section).is_leaf() is is_stock


def test_a_new_address_of_its_own_is_taken_from_where_a_page_is_by_now(site, is_stock):
    article = make_article(site)
    changed = ArticlePage.objects.get(pk=article.pk)
    assert changed.get_parent().pk == site.news["en"].pk
    stored(article).move(site.home, pos="last-child")
    changed.slug = "another"
    changed.save()
    parent = stored(article).get_parent()
    assert stored(article).url_path == f"{parent.url_path}another/"
    assert (parent.pk == site.home.pk) is not is_stock


def test_what_is_added_to_a_section_has_the_address_that_it_has_by_now(site, is_stock):
    section = stored(site.news["en"])
    rename(section, "newsroom")
    assert ("/newsroom/" in add(section, "Staff").url_path) is not is_stock


def test_what_is_added_to_a_section_that_was_moved_meanwhile(site, sections, is_stock):
    _page, first, second = sections
    stored(first).move(second, pos="last-child")
    added = add(first, "Board")
    assert added.get_parent().pk == first.pk and is_sound()
    assert (added.url_path == f"{second.url_path}first/board/") is not is_stock


@pytest.fixture
def while_moving():
    """Return a function that lets something happen once, after a move has read the tree and before it writes."""
    acts = []

    def act(**_signal):
        while acts:
            acts.pop()()

    pre_page_move.connect(act)
    yield acts.append
    pre_page_move.disconnect(act)


def test_what_is_moved_out_of_a_section_that_is_moved_meanwhile(site, sections, while_moving, is_stock):
    page, first, second = sections
    third = add(site.home, "Third")
    while_moving(lambda: stored(first).move(third, pos="last-child"))
    page.move(second, pos="last-child")
    assert (stored(page).get_parent().pk == second.pk) is is_sound() is not is_stock
    assert is_stock or stored(page).url_path == f"{second.url_path}page/"


def test_what_is_moved_into_a_section_that_is_moved_meanwhile(site, sections, while_moving, is_stock):
    page, first, second = sections

    def move_and_add():
        stored(second).move(first, pos="last-child")
        add(site.home, "In its place")

    while_moving(move_and_add)
    page.move(second, pos="last-child")
    assert (stored(page).get_parent().pk == second.pk) is not is_stock
    assert is_stock or stored(page).url_path == f"{first.url_path}second/page/"


def test_two_move_the_same_page(site, sections, while_moving, is_stock):
    page, _first, second = sections
    third = add(site.home, "Third")
    while_moving(lambda: stored(page).move(third, pos="last-child"))
    with pytest.raises(IntegrityError) if is_stock else nullcontext():
        page.move(second, pos="last-child")
    assert (stored(page).get_parent().pk == second.pk) is not is_stock
    assert is_sound()


def test_two_move_sections_into_each_other(sections, admin_user, while_moving, is_stock):
    _page, first, second = sections
    while_moving(lambda: stored(second).move(stored(first), pos="last-child"))
    move = MovePageAction(first, second, pos="last-child", user=admin_user)
    with pytest.raises(Page.DoesNotExist if is_stock else MovePagePermissionError):
        move.execute()
    assert is_sound()


def test_what_is_moved_beside_a_page_whose_section_is_renamed_meanwhile(site, sections, while_moving, is_stock):
    page, first, second = sections
    below, beside = add(second, "Below"), page
    assert beside.get_parent().pk == first.pk
    while_moving(lambda: rename(first, "renamed"))
    second.move(beside, pos="left")
    assert stored(second).get_parent().pk == first.pk
    moved = f"{stored(first).url_path}second/"
    assert ([stored(one).url_path for one in (second, below)] == [moved, f"{moved}below/"]) is not is_stock


def test_a_new_address_of_its_own_is_below_that_of_its_section(site, sections, is_stock):
    page, first, _second = sections
    assert page.get_parent().pk == first.pk
    rename(first, "renamed")
    page.slug = "another"
    page.save()
    assert (stored(page).url_path == f"{stored(first).url_path}another/") is not is_stock


@pytest.mark.parametrize("act", ["move", "rename", "delete"])
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_being_added_below_a_section_goes_with_it(new_site, act):
    """Without ``hold_the_tree``, PostgreSQL leaves the added page behind: below no page, or at the old address."""
    section, other = add(new_site.home, "Section"), add(new_site.home, "Other")
    inner = add(section, "Inner")
    with slowly(lambda: add(inner, "Page")) as adding:
        if act == "move":
            stored(section).move(other, pos="last-child")
        elif act == "rename":
            rename(section, "renamed")
        else:
            stored(section).delete()
    page = Page.objects.filter(pk=adding.result().pk).first()
    assert is_sound()
    if act == "delete":
        assert page is None
    else:
        at = f"{other.url_path}section/" if act == "move" else f"{new_site.home.url_path}renamed/"
        assert page.url_path == f"{at}inner/page/"
        assert page.get_parent().pk == inner.pk


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_deletes_a_section_deletes_nothing_that_is_put_in_its_place(new_site, is_stock):
    section, other = add(new_site.home, "Section"), add(new_site.home, "Other")
    doomed = add(section, "Doomed")
    add(doomed, "Page")
    with slowly(lambda: other.move(stored(doomed), pos="left")):
        stored(doomed).delete()
    # On SQLite, Wagtail's log waits before anything is read.
    is_wrong = is_stock and connection.vendor == "postgresql"
    assert stored(section).get_children().get().pk == (doomed.pk if is_wrong else other.pk)
    assert is_sound()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_added_to_a_draft_whose_form_gives_it_another_address(new_site, admin_client):
    """Both hold the tree before the page: otherwise PostgreSQL ends one of the two."""
    section = new_site.home.add_child(instance=StandardPage(title="Section", summary="What it says.", live=False))
    section.save_revision()
    address = f"/admin/pages/{section.pk}/edit/"
    form = dict(fields(admin_client.get(address).text)) | streams("As it was.") | {"slug": "renamed"}
    with slowly(hold_the_tree, then=lambda: add(section, "Page")) as adding:
        assert admin_client.post(address, form).status_code == 302
    assert stored(adding.result()).url_path == f"{new_site.home.url_path}renamed/page/"
