"""The small newsroom in three languages that the acts change; made with the settings of the site."""

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageViewRestriction

from core.models import Furniture
from home.models import AccessibilityPage, StandardPage
from news.models import ArticleKind, Author, Topic
from search.models import PromotedResult, SynonymGroup
from tests.factories import body_of, make_article, make_document, make_image, make_site
from translation.tests.pages import publish, submitted, translate_all

ARTICLES = 30
WORDS = [
    "harbour",
    "lantern",
    "meadow",
    "bridge",
    "orchard",
    "signal",
    "valley",
    "anchor",
    "copper",
    "willow",
    "summit",
    "ferry",
    "garden",
    "window",
    "ledger",
    "timber",
]


def words(chance, count=8):
    return " ".join(chance.choices(WORDS, k=count))


def paragraph(text):
    return {"type": "paragraph", "value": f"<p>{text}</p>"}


def link(page):
    return f'<a linktype="page" id="{page.pk}">{page.title}</a>'


def make(chance):
    """Migrate, and fill an empty site.

    Args:
        chance: a ``random.Random``.
    """
    call_command("migrate", verbosity=0, interactive=False)
    site = make_site()
    site.images = [make_image(f"Picture {number}", (320, 240)) for number in range(3)]
    site.document = make_document()
    for name in ("Data", "Skills"):
        Topic.objects.create(name=name, slug=name.lower(), locale=site.home.locale)
    Author.objects.create(name="Ann Rees", slug="ann", role="Chair", locale=site.home.locale, image=site.images[0])
    articles = []
    for number in range(ARTICLES):
        articles.append(article(site, chance, number, chance.choice(articles) if articles else site.home))
    plain_pages(site, chance, articles)
    other_languages(site, chance, articles)
    furniture(site, articles)
    around(articles, site.document)


def article(site, chance, number, target):
    """Return an article that links to a page, some with pictures and a document; one in nine days."""
    english = {"locale": site.home.locale}
    blocks = [paragraph(words(chance, 60)), paragraph(f"See {link(target)}.")]
    if number % 3 == 0:
        value = {"image": chance.choice(site.images).pk, "alt_text": "A picture", "decorative": False}
        blocks.append({"type": "image", "value": value | {"caption": "", "credit": ""}})
    if number % 5 == 0:
        blocks.append({"type": "document", "value": {"document": site.document.pk, "title": ""}})
    pictured = {"lead_image": chance.choice(site.images), "lead_image_alt": "A picture"} if number % 4 == 0 else {}
    return make_article(
        site,
        f"{words(chance, 3).capitalize()} {number}",
        summary=words(chance),
        body=body_of(blocks),
        topics=chance.sample(list(Topic.objects.filter(**english)), chance.randint(1, 2)),
        authors=[chance.choice(list(Author.objects.filter(**english)))],
        kind=chance.choice(list(ArticleKind.objects.filter(**english))),
        published_on=timezone.now() - timedelta(days=9 * number, minutes=5),
        **pictured,
    )


def plain_pages(site, chance, articles):
    """About, with pages below it, in English; about in Welsh; the accessibility statement."""

    def plain(parent, title):
        body = body_of([paragraph(words(chance, 40)), paragraph(link(chance.choice(articles)))])
        return parent.add_child(
            instance=StandardPage(title=title, summary=words(chance), body=body, locale=parent.locale)
        )

    about = plain(site.home, "About")
    for title in ("Team", "History"):
        plain(plain(about, title), f"{title} in short")
    plain(site.homes["cy"], "Amdanom")
    site.home.add_child(
        instance=AccessibilityPage(
            title="Accessibility",
            summary="s",
            introduction="<p>i</p>",
            reviewed_on="2026-01-01",
            locale=site.home.locale,
        )
    )


def other_languages(site, chance, articles):
    for language, count in (("cy", 4), ("ar", 3)):
        for article in articles[:count]:
            translation = submitted(article, language)
            translate_all(translation, f"{language}: ")
            publish(translation)
        for number in range(3):
            make_article(site, f"{language} {words(chance, 2)} {number}", language, body=body_of([paragraph("Testun")]))


def furniture(site, articles):
    home = site.home.specific
    home.lead_story, home.pinned = articles[5].page_ptr, [("article", articles[7])]
    home.save_revision().publish()
    about = StandardPage.objects.get(slug="about")
    for item in Furniture.objects.all():
        item.header_links = [
            {"type": "link", "value": {"page": page.pk, "url": "", "label": ""}}
            for page in (site.news["en"], about, site.contact["en"])
        ]
        item.footer_text, item.phone = "Registered somewhere", "0113 496 0132"
        item.save()


def around(articles, document):
    """What is not a page: redirects, restrictions, synonyms, promoted results."""
    Redirect.add_redirect("/old-address", redirect_to=articles[3], is_permanent=True)
    Redirect.add_redirect("/elsewhere", redirect_to="https://www.example.org/", is_permanent=False)
    PageViewRestriction.objects.create(page=articles[11], restriction_type="password", password="sesame")
    english = Locale.objects.get(language_code="en")
    SynonymGroup.objects.create(locale=english, words="harbour, haven")
    PromotedResult.objects.create(locale=english, queries="lantern", page=articles[2])
    PromotedResult.objects.create(locale=english, queries="bridge", document=document)
