"""The acts on pages: what each is done to, by chance."""

from wagtail.models import Page, Revision
from wagtail_localize.models import StringSegment, Translation

from home.models import AccessibilityPage, HomePage, StandardPage
from news.models import ArticleKind, ArticlePage, NewsIndexPage
from tests.soak.choosing import ADMIN, BOTH, PYTHON, act, one, own_articles, own_pages, said, with_page
from tests.soak.content import ARTICLES, words
from tests.soak.touching import address_of


@act(*BOTH, weight=14)
def edit(chance):
    return with_page(one(chance, own_pages(live=True)), **said(chance))


@act(PYTHON, weight=2)
def edit_terms(chance):
    return with_page(one(chance, own_articles(live=True)), seed=chance.random())


@act(*BOTH, weight=3)
def edit_draft(chance):
    return with_page(one(chance, own_pages(live=True)), **said(chance))


@act(*BOTH, weight=5)
def unpublish(chance):
    found = own_pages(live=True)
    return with_page(one(chance, found)) if found.count() > ARTICLES // 2 else None


@act(*BOTH, weight=7)
def publish_again(chance):
    return with_page(one(chance, own_pages(live=False)), **said(chance))


@act(*BOTH, weight=6)
def create(chance):
    parents = NewsIndexPage.objects.filter(alias_of=None)
    parent = one(chance, parents if chance.random() < 0.5 else parents.filter(locale__language_code="en"))
    if ArticlePage.objects.count() > ARTICLES * 2 or parent is None:
        return None
    kind = one(chance, ArticleKind.objects.filter(locale__language_code="en"))
    given = {"parent": parent.pk, "slug": f"new-{chance.randrange(10**6)}", "kind": kind.pk, **said(chance)}
    return given, [["page", parent.pk], ["address", f"{address_of(parent)}{given['slug']}/"], ["searches"]]


@act(*BOTH, weight=5)
def delete(chance):
    found = own_articles() if chance.random() < 0.8 else StandardPage.objects.filter(numchild=0, depth__gt=3)
    return with_page(one(chance, found)) if found.count() > 2 + ARTICLES * 0.8 * (found.model is ArticlePage) else None


@act(*BOTH, weight=3)
def move(chance):
    page = one(chance, StandardPage.objects.filter(alias_of=None, depth__gt=2, locale__language_code="en"))
    if page is None:
        return None
    homes = HomePage.objects.filter(locale=page.locale, alias_of=None)
    parents = [*homes, *StandardPage.objects.filter(locale=page.locale, alias_of=None, depth__lt=6)]
    there = set(StandardPage.objects.filter(slug=page.slug).values_list("path", flat=True))
    fit = [
        parent
        for parent in parents
        if not parent.path.startswith(page.path) and not any(path[:-4] == parent.path for path in there)
    ]
    if not fit:
        return None
    parent = chance.choice(fit)
    given, touches = with_page(page, parent=parent.pk)
    return given, [*touches, ["page", parent.pk]]


@act(*BOTH)
def reorder(chance):
    page = one(chance, own_articles())
    return with_page(page, position=chance.randrange(5)) if page else None


@act(*BOTH, weight=2)
def copy(chance):
    page = one(chance, own_articles(live=True))
    if page is None or ArticlePage.objects.count() > ARTICLES * 2:
        return None
    slug = f"copy-{chance.randrange(10**6)}"
    given, touches = with_page(page, slug=slug, parent=page.get_parent().pk)
    return given, [*touches, ["address", address_of(page).replace(page.slug, slug)]]


@act(*BOTH, weight=4)
def change_slug(chance):
    page = one(chance, own_pages(live=True))
    return with_page(page, slug=f"slug-{chance.randrange(10**6)}") if page else None


@act(PYTHON, weight=2)
def alias(chance):
    page = one(chance, StandardPage.objects.filter(live=True, alias_of=None, locale__language_code="en", depth__gt=2))
    if page is None or StandardPage.objects.exclude(alias_of=None).count() > 6:
        return None
    given, touches = with_page(page, slug=f"alias-{chance.randrange(10**6)}")
    return given, [*touches, ["address", f"/{given['slug']}/"]]


@act(*BOTH, weight=1)
def delete_alias(chance):
    return with_page(one(chance, StandardPage.objects.exclude(alias_of=None)))


@act(PYTHON, weight=1)
def translated_alias(chance):
    there = ArticlePage.objects.filter(locale__language_code="cy").values("translation_key")
    page = one(
        chance, ArticlePage.objects.filter(locale__language_code="en", live=True).exclude(translation_key__in=there)
    )
    return with_page(page, language="cy") if page else None


@act(PYTHON, weight=3)
def translate(chance):
    done = Translation.objects.filter(enabled=True).values("source__object_id")
    page = one(chance, own_articles(live=True, locale__language_code="en").exclude(translation_key__in=done))
    few = ArticlePage.objects.filter(locale__language_code="cy").count() < 15
    return with_page(page, language=chance.choice(["cy", "ar"]), prefix=words(chance, 1)) if few and page else None


@act(*BOTH, weight=4)
def edit_translation(chance):
    found = Translation.objects.filter(enabled=True, source__specific_content_type__model="articlepage")
    live = [item for item in found.order_by("pk") if (page := target_of(item)) and page.live]
    if not live:
        return None
    translation = chance.choice(live)
    target = target_of(translation)
    title = StringSegment.objects.filter(source=translation.source, context__path="title").first()
    given = {"translation": translation.pk, "segment": title.pk, "pk": target.pk, "text": words(chance, 4)}
    return given, [["page", target.pk]]


def target_of(translation):
    pages = Page.objects.filter(translation_key=translation.source.object_id, locale_id=translation.target_locale_id)
    return pages.filter(alias_of=None).first()


@act(*BOTH, weight=4)
def restore(chance):
    pages = own_pages(live=True).values_list("pk", flat=True)
    revisions = Revision.page_revisions.filter(object_id__in=[str(pk) for pk in pages])
    old = one(chance, revisions)
    page = Page.objects.get(pk=old.object_id) if old else None
    if page is None or old.pk == page.latest_revision_id:
        return None
    # Another page may have got the slug that this one had.
    is_taken = page.get_siblings(inclusive=False).filter(slug=old.content["slug"]).exists()
    return None if is_taken else with_page(page, revision=old.pk)


@act(PYTHON, weight=2)
def schedule(chance):
    return with_page(one(chance, own_pages()), **said(chance))


@act(PYTHON, weight=2)
def expire(chance):
    return with_page(one(chance, own_pages(live=True)))


@act(PYTHON, weight=2)
def expire_without_scheduler(chance):
    return with_page(one(chance, own_pages(live=True)))


@act(*BOTH, weight=2)
def edit_front(chance):
    home = one(chance, HomePage.objects.filter(live=True, alias_of=None, locale__language_code="en"))
    lead = one(chance, own_articles(live=True, locale__language_code="en"))
    return ({"pk": home.pk, "lead": lead.pk, "title": words(chance, 2)}, [["page", home.pk]]) if home and lead else None


@act(PYTHON, weight=1)
def edit_statement(chance):
    return with_page(one(chance, AccessibilityPage.objects.filter(live=True)), text=words(chance))


@act(ADMIN, weight=2)
def bulk(chance):
    action = chance.choice(["unpublish", "publish"])
    found = sorted(own_articles(live=action == "unpublish").values_list("pk", flat=True))
    if len(found) < (ARTICLES // 2 if action == "unpublish" else 2):
        return None
    ids = chance.sample(found, 2)
    return {"action": action, "ids": ids}, [["page", pk] for pk in ids]
