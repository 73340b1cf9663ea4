"""Put the demo content into an empty site: an invented research network, in three languages."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from contact.models import ContactPage, Department
from core.models import Document, Furniture, Image
from home.models import AccessibilityPage, StandardPage
from news.models import ArticleAuthor, ArticleKind, ArticlePage, ArticleTopic, Author, NewsIndexPage, Topic
from portal.demo.bodies import Resolver

FOLDER = Path(__file__).parent
PAGE_TYPES = {
    "news_index": NewsIndexPage,
    "standard": StandardPage,
    "accessibility": AccessibilityPage,
    "contact": ContactPage,
}
# Plain or rich text, in which links are written with the keys of pages.
TEXTS = (
    *("introduction", "phone", "email", "address", "opening_hours", "thank_you_text", "consent_text"),
    "acknowledgement_text",
    *("answer_time", "alternatives", "complaints", "people_tests"),
)
STREAMS = ("barriers", "departments", "form_fields")
TERM_TYPES = {"topics": Topic, "kinds": ArticleKind, "authors": Author}
LEAD_STORY = "national-plan"


def load(home, out):
    """Load the demo into a site whose front page has no children yet.

    Args:
        home: the default language's front page.
        out: where to say what happens.

    Returns:
        whether anything was loaded.
    """
    if home.get_children().exists() or settings.LANGUAGE_CODE != "en":
        return False
    out.write("Loading the demo content ...")
    with transaction.atomic():
        Loader(home).run()
    return True


def read(name):
    return json.loads((FOLDER / "content" / f"{name}.json").read_text(encoding="utf-8"))


class Loader:
    """Creates everything first with plain fields, then fills in what refers to something else."""

    def __init__(self, home):
        codes = [code for code, _name in settings.LANGUAGES]
        self.locales = {locale.language_code: locale for locale in Locale.objects.filter(language_code__in=codes)}
        self.homes = {"en": home}
        self.terms = {}
        self.pages = {}
        self.articles = [
            json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((FOLDER / "content" / "articles").glob("*.json"))
        ]

    def run(self):
        images = {key: self.make_image(key, data) for key, data in read("pictures").items()}
        documents = {key: self.make_document(data) for key, data in read("documents").items()}
        for family, model in TERM_TYPES.items():
            for key, translations in read(family).items():
                self.make_term(family, model, key, translations)
        plain = read("pages")
        for data in plain:
            self.make_page(data)
        for data in self.articles:
            self.make_article(data, images)
        departments = {key: Department.objects.create(**facts) for key, facts in read("departments").items()}
        resolver = Resolver(self.pages, images, documents, departments)
        for data in plain:
            self.fill(data, resolver)
        for data in self.articles:
            self.fill_article(data, resolver)
        self.make_furniture(resolver)

    def translations_of(self, data):
        """Yield (language, words, locale) for the languages this site has, English first."""
        for language, words in sorted(data.items(), key=lambda item: item[0] != "en"):
            if language in self.locales:
                yield language, words, self.locales[language]

    def make_image(self, key, data):
        path = FOLDER / "media" / f"{key}.jpg"
        with path.open("rb") as file:
            image = Image(title=data["title"], credit=data["credit"], file=File(file, name=path.name))
            x, y, width, height = data.get("focal_point") or (None,) * 4
            image.focal_point_x, image.focal_point_y = x, y
            image.focal_point_width, image.focal_point_height = width, height
            # The worker makes the pictures: the first page does not wait for them.
            image.make_pictures_at_once = False
            image.save()
        return image

    def make_document(self, data):
        with (FOLDER / "media" / data["file"]).open("rb") as file:
            document = Document(
                title=data["title"], file=File(file, name=data["file"]), language=self.locales.get(data["language"])
            )
            document.save()
        return document

    def make_term(self, family, model, key, translations):
        source = None
        for _language, words, locale in self.translations_of(translations):
            fields = {"description": words.get("biography", ""), **words}
            fields.pop("biography", None)
            term = model(locale=locale, **fields)
            if source:
                term.translation_key = source.translation_key
            term.save()
            source = source or term
        self.terms[family, key] = source

    def add(self, key, language, parent, page):
        source = self.pages.get((key, "en"))
        if source:
            page.translation_key = source.translation_key
        self.pages[key, language] = parent.add_child(instance=page)

    def make_page(self, data):
        for language, words, locale in self.translations_of(data["translations"]):
            if data["type"] == "home":
                self.make_home(data["key"], language, words, locale)
                continue
            first = {name: words[name] for name in ("title", "slug", "summary", "introduction") if name in words}
            page = PAGE_TYPES[data["type"]](**first, **data.get("facts", {}), locale=locale)
            self.add(data["key"], language, self.pages[data["parent"], language], page)

    def make_home(self, key, language, words, locale):
        source = self.homes["en"]
        if language == "en":
            source.title = source.draft_title = words["title"]
            source.summary = words["summary"]
            source.save()
            self.pages[key, language] = source
            return
        home = type(source)(
            title=words["title"],
            slug=f"home-{language}",
            summary=words["summary"],
            locale=locale,
            translation_key=source.translation_key,
        )
        self.homes[language] = self.pages[key, language] = source.get_parent().add_child(instance=home)

    def make_article(self, data, images):
        published = moment(data["published_on"])
        for language, words, locale in self.translations_of(data["translations"]):
            article = ArticlePage(
                title=words["title"],
                slug=words["slug"],
                summary=words["summary"],
                locale=locale,
                kind=self.terms["kinds", data["kind"]],
                published_on=published,
                updated_on=moment(data["updated_on"]),
                lead_image=images.get(data["image"]),
                lead_image_alt=words.get("image_alt") or "",
                lead_image_caption=words.get("image_caption") or "",
                lead_image_credit=words.get("image_credit") or "",
                first_published_at=published,
            )
            article.article_topics = [
                ArticleTopic(topic=self.terms["topics", key], locale=locale, sort_order=order)
                for order, key in enumerate(data["topics"])
            ]
            article.article_authors = [
                ArticleAuthor(author=self.terms["authors", key], locale=locale, sort_order=order)
                for order, key in enumerate(data["authors"])
            ]
            self.share_keys(article, self.pages.get((data["key"], "en")))
            self.add(data["key"], language, self.pages["news", language], article)

    @staticmethod
    def share_keys(article, source):
        """Give a translation's topics and authors the keys of the source's, as a translation made by hand has."""
        for name in ("article_topics", "article_authors") if source else ():
            for own, other in zip(getattr(article, name).all(), getattr(source, name).all(), strict=True):
                own.translation_key = other.translation_key

    def fill(self, data, resolver):
        for language, words, _locale in self.translations_of(data["translations"]):
            page = self.pages[data["key"], language]
            if "body" in words:
                page.body = resolver.body(words["body"], language)
            for name in STREAMS:
                if name in words:
                    setattr(page, name, resolver.stream(page, name, words[name], language))
            for name in TEXTS:
                if name in words and hasattr(page, name):
                    setattr(page, name, resolver.html(words[name], language))
            if data["type"] == "home":
                page.lead_story = self.pages[LEAD_STORY, "en"].page_ptr
            page.save()

    def fill_article(self, data, resolver):
        for language, words, _locale in self.translations_of(data["translations"]):
            article = self.pages[data["key"], language]
            article.body = resolver.body(words["body"], language)
            action = words.get("call_to_action")
            blocks = (
                [{"type": "call_to_action", "value": {"text": "", "page": None, "url": "", **action}}] if action else []
            )
            article.call_to_action = resolver.stream(article, "call_to_action", blocks, language)
            downloads = [{"type": "download", "value": item} for item in data.get("downloads", [])]
            article.downloads = resolver.stream(article, "downloads", downloads, language)
            related = [{"type": "article", "value": self.pages[key, "en"].pk} for key in data.get("related", [])]
            article.related = resolver.stream(article, "related", related, language)
            article.notes_to_editors = resolver.html(words.get("notes_to_editors") or "", language)
            article.press_contact = words.get("press_contact") or ""
            article.save()

    def make_furniture(self, resolver):
        source = None
        names = ("header_links", "footer_links", "social_links")
        for language, words, locale in self.translations_of(read("furniture")):
            streams = {name: words[name] for name in names}
            plain = {name: value for name, value in words.items() if name not in names}
            furniture = Furniture(locale=locale, **plain)
            for name, items in streams.items():
                kind = "account" if name == "social_links" else "link"
                blocks = [{"type": kind, "value": item if kind == "account" else {"url": "", **item}} for item in items]
                setattr(furniture, name, resolver.stream(furniture, name, blocks, language))
            if source:
                furniture.translation_key = source.translation_key
            furniture.save()
            source = source or furniture


def moment(text):
    """Return the aware time of a demo date, in the site's time zone, or None."""
    return timezone.make_aware(datetime.fromisoformat(text)) if text else None
