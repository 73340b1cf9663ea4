"""A small site and its parts, as tests need them."""

from io import BytesIO
from types import SimpleNamespace

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.models import Locale

from contact.models import ContactPage
from core.models import Document, Furniture, Image
from home.models import HomePage
from news.models import ArticleAuthor, ArticleKind, ArticlePage, ArticleTopic, Author, NewsIndexPage, Topic
from portal import roles
from portal import site as sites

NAMES = {
    "en": ("News", "news", "contact"),
    "cy": ("Newyddion", "newyddion", "cysylltu"),
    "ar": ("أخبار", "أخبار", "اتصل"),
}


def make_site():
    """Return an empty site in English, Welsh and Arabic with one kind, topic and author in each."""
    home = sites.ensure()
    sites.fill_empty(home)
    made = SimpleNamespace(home=home, homes={"en": home}, news={}, contact={})
    made.news["en"] = NewsIndexPage.objects.child_of(home).get()
    made.contact["en"] = ContactPage.objects.child_of(home).get()
    for code, _name in settings.LANGUAGES[1:]:
        add_language(made, code)
    made.kind = ArticleKind.objects.get(slug="statement")
    made.topic = Topic.objects.create(name="Policy", slug="policy", locale=home.locale)
    made.author = Author.objects.create(name="Secretariat", slug="secretariat", locale=home.locale)
    Topic.objects.create(
        name="Polisi",
        slug="polisi",
        locale=Locale.objects.get(language_code="cy"),
        translation_key=made.topic.translation_key,
    )
    roles.ensure()
    return made


def add_language(made, code):
    locale = Locale.objects.get(language_code=code)
    title, slug, contact_slug = NAMES[code]
    home = HomePage(
        title=title, slug=f"home-{code}", summary="s", locale=locale, translation_key=made.home.translation_key
    )
    made.homes[code] = made.home.get_parent().add_child(instance=home)
    news = NewsIndexPage(
        title=title, slug=slug, summary="s", locale=locale, translation_key=made.news["en"].translation_key
    )
    made.news[code] = made.homes[code].add_child(instance=news)
    contact = ContactPage(
        title="Contact",
        slug=contact_slug,
        summary="s",
        locale=locale,
        translation_key=made.contact["en"].translation_key,
    )
    made.contact[code] = made.homes[code].add_child(instance=contact)
    Furniture.objects.create(organisation_name=f"Portal {code}", locale=locale)


def make_article(site, title="An article", language="en", topics=None, authors=None, **fields):
    """Return a live article; its slug comes from its title."""
    parent = site.news[language]
    article = ArticlePage(
        title=title,
        summary=fields.pop("summary", "What it says in short."),
        locale=parent.locale,
        kind=fields.pop("kind", site.kind),
        published_on=fields.pop("published_on", timezone.now()),
        **fields,
    )
    topics = [site.topic] if topics is None else topics
    authors = [site.author] if authors is None else authors
    article.article_topics = [ArticleTopic(topic=topic, locale=parent.locale) for topic in topics]
    article.article_authors = [ArticleAuthor(author=author, locale=parent.locale) for author in authors]
    return parent.add_child(instance=article)


def make_image(title="A picture", size=(640, 480), colour=(13, 92, 90)):
    """Return a stored JPEG image with its fallback pictures made."""
    from core import pictures

    data = BytesIO()
    Picture.new("RGB", size, colour).save(data, "JPEG")
    image = Image(title=title, file=ContentFile(data.getvalue(), name=f"{title.lower().replace(' ', '-')}.jpg"))
    image.save()
    pictures.make(image, pictures.fallback_specs())
    return image


def make_document(title="Full response", name="full-response.pdf", content=b"%PDF-1.4 short"):
    document = Document(title=title, file=ContentFile(content, name=name))
    document.save()
    return document


def every_block(site, times=1):
    """Return raw body data with every block, its links and pictures ``times`` over.

    Args:
        site: what ``make_site`` returned.
        times: how many different pages, documents and images each kind of block refers to.
    """
    pages = [make_article(site, f"Linked {number}", topics=[], authors=[]) for number in range(times)]
    images = [make_image(f"Picture {number}") for number in range(times)]
    documents = [make_document(f"Document {number}", f"document-{number}.pdf") for number in range(times)]
    links = "".join(
        f'<p>See <a linktype="page" id="{page.pk}">{page.title}</a>'
        f' and <a linktype="document" id="{document.pk}">the document</a> [1].</p>'
        for page, document in zip(pages, documents, strict=True)
    )
    figures = [
        {"image": image.pk, "alt_text": image.title, "decorative": False, "caption": "A caption", "credit": "Us"}
        for image in images
    ]
    link_items = [{"page": page.pk, "url": "", "label": ""} for page in pages]
    blocks = [
        ("heading", {"text": "A section", "level": "2"}),
        ("heading", {"text": "Part of it", "level": "3"}),
        ("paragraph", links),
        ("key_points", {"title": "In short", "points": ["One", "Two"]}),
        ("quote", {"text": "It is so.", "attribution": "Chair of the group", "role": ""}),
        ("questions", {"title": "Questions", "items": [{"question": "Why?", "answer": links}]}),
        ("gallery", {"title": "Pictures", "images": [*figures, figures[0]]}),
        (
            "media",
            {
                "title": "Film",
                "url": "https://vimeo.com/100000001",
                "file": None,
                "poster": images[0].pk,
                "transcript": "<p>Words.</p>",
            },
        ),
        (
            "table",
            {
                "first_column_is_header": True,
                "table": {
                    "caption": "Units",
                    "columns": [{"type": "text", "heading": "Nation"}, {"type": "rich_text", "heading": "Units"}],
                    "rows": [{"values": ["Wales", links]}],
                },
            },
        ),
        ("statistic", {"value": "61", "label": "units", "source": "Directory"}),
        ("link_list", {"title": "More", "links": link_items}),
    ]
    blocks += [("image", figure) for figure in figures]
    blocks += [("document", {"document": document.pk, "title": ""}) for document in documents]
    blocks += [("call_to_action", {"text": "", "page": page.pk, "url": "", "label": "Read on"}) for page in pages]
    blocks.append(("footnotes", {"notes": [links]}))
    return [{"type": kind, "value": value} for kind, value in blocks]


def body_of(blocks):
    """Return a BodyBlock value of raw blocks."""
    from core.blocks import BodyBlock

    return BodyBlock().to_python(blocks)


def downloads_of(*documents):
    """Return the downloads of an article."""
    raw = [{"type": "download", "value": {"document": document.pk, "title": ""}} for document in documents]
    return ArticlePage.downloads.field.stream_block.to_python(raw)
