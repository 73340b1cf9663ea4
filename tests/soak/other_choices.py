"""The acts on what is not a page, and on what stands around all pages: what each is done to, by chance."""

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction

from core.models import Document, Furniture, Image
from home.models import HomePage
from news.models import NewsIndexPage
from search.models import PromotedResult, SynonymGroup
from tests.soak.choosing import BOTH, PYTHON, act, one, own_pages, said, with_page
from tests.soak.content import words
from tests.soak.touching import TERMS, address_of


@act(*BOTH, weight=4)
def restrict(chance):
    page = one(chance, own_pages(live=True))
    few = PageViewRestriction.objects.count() < 4
    return with_page(page, kind=chance.choice(["password", "login"])) if few and page else None


@act(PYTHON, weight=1)
def restrict_section(chance):
    page = one(chance, NewsIndexPage.objects.filter(live=True, alias_of=None))
    few = PageViewRestriction.objects.count() < 3
    return ({"pk": page.pk, "kind": "login"}, [["everything"]]) if few and page else None


@act(*BOTH, weight=6)
def lift(chance):
    found = one(chance, PageViewRestriction.objects.all())
    if found is None:
        return None
    is_section = found.page.numchild
    return {"pk": found.page_id}, [["everything"]] if is_section else [["page", found.page_id]]


@act(*BOTH, weight=5)
def rename_term(chance):
    family = chance.choice(sorted(TERMS))
    term = one(chance, TERMS[family].objects.filter(live=True))
    if term is None:
        return None
    return {"family": family, "pk": term.pk, "name": words(chance, 2).capitalize()}, [["term", family, term.pk]]


@act(PYTHON, weight=1)
def term_comes_and_goes(chance):
    family = chance.choice(["topics", "authors"])
    term = one(chance, TERMS[family].objects.filter(locale__language_code="en"))
    return {"family": family, "pk": term.pk}, [["term", family, term.pk], ["everything"]]


@act(*BOTH, weight=2)
def replace_image(chance):
    image = one(chance, Image.objects.all())
    colour = [chance.randrange(256) for _channel in range(3)]
    return {"pk": image.pk, "colour": colour}, [["image", image.pk]]


@act(*BOTH, weight=2)
def image_rights(chance):
    image = one(chance, Image.objects.all())
    ended = image.rights_expire_on is None
    return {"pk": image.pk, "ended": ended, "credit": words(chance, 2)}, [["image", image.pk]]


@act(*BOTH, weight=1)
def document(chance):
    found = one(chance, Document.objects.all())
    return {"pk": found.pk, "title": words(chance, 3).capitalize()}, [["document", found.pk]]


@act(*BOTH, weight=3)
def furniture(chance):
    found = one(chance, Furniture.objects.all())
    is_on = chance.random() < 0.3
    return {"pk": found.pk, "text": words(chance, 5), "notice": is_on}, [["everything"]]


@act(PYTHON, weight=2)
def menu(chance):
    found = one(chance, Furniture.objects.all())
    pages = chance.sample(sorted(own_pages(live=True).values_list("pk", flat=True)), 3)
    return {"pk": found.pk, "pages": pages}, [["everything"]]


@act(*BOTH, weight=3)
def add_redirect(chance):
    if Redirect.objects.filter(old_path__startswith="/moved-").count() > 8:
        return None
    page = one(chance, own_pages(live=True))
    path = chance.choice([f"/moved-{chance.randrange(100)}", address_of(page)[:-1] + "-before"])
    # The admin refuses a second one that is for all sites.
    if Redirect.objects.filter(old_path=Redirect.normalise_path(path), site=None).exists():
        return None
    return {"path": path, "pk": page.pk}, [["address", path], ["address", f"{path}/"], ["page", page.pk]]


@act(*BOTH, weight=3)
def remove_redirect(chance):
    found = one(chance, Redirect.objects.all())
    if found is None:
        return None
    return {"pk": found.pk}, [["address", found.old_path], ["address", f"{found.old_path}/"]]


@act(*BOTH, weight=1)
def language_goes(chance):
    home = one(chance, HomePage.objects.filter(live=True, alias_of=None, locale__language_code__in=("cy", "ar")))
    return ({"pk": home.pk}, [["everything"]]) if home else None


@act(*BOTH, weight=3)
def language_comes(chance):
    home = one(chance, HomePage.objects.filter(live=False, alias_of=None))
    return ({"pk": home.pk, **said(chance)}, [["everything"]]) if home else None


@act(PYTHON, weight=1)
def language_policy(chance):
    locale = Locale.objects.get(language_code=chance.choice(["cy", "ar"]))
    return {"locale": locale.pk, "policy": chance.choice(["notice", "hide"])}, [["everything"]]


@act(*BOTH, weight=2)
def add_synonyms(chance):
    if SynonymGroup.objects.count() > 6:
        return None
    locale = Locale.objects.get(language_code="en")
    return {"locale": locale.pk, "words": ", ".join(set(words(chance, 3).split()) | {"haven"})}, [["searches"]]


@act(*BOTH, weight=2)
def remove_synonyms(chance):
    found = one(chance, SynonymGroup.objects.all())
    return ({"pk": found.pk}, [["searches"]]) if found else None


@act(*BOTH, weight=2)
def add_promotion(chance):
    if PromotedResult.objects.count() > 6:
        return None
    page = one(chance, own_pages(live=True))
    given = {"locale": Locale.objects.get(language_code="en").pk, "words": words(chance, 1), "pk": page.pk}
    return given, [["searches"], ["searches", [given["words"]]]]


@act(*BOTH, weight=2)
def remove_promotion(chance):
    found = one(chance, PromotedResult.objects.all())
    return ({"pk": found.pk}, [["searches"], ["searches", [found.variants[0]]]]) if found else None


@act(PYTHON, weight=1)
def expire_term(chance):
    family = chance.choice(["topics", "authors", "kinds"])
    term = one(chance, TERMS[family].objects.filter(live=True, locale__language_code="en"))
    return ({"family": family, "pk": term.pk}, [["term", family, term.pk], ["everything"]]) if term else None


@act(PYTHON, weight=1)
def robots(chance):
    return {"text": f"User-agent: *\nDisallow: /{words(chance, 1)}/\n"}, [["address", "/robots.txt"]]
