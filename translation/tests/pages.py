"""Pages for the tests of translation."""

import itertools

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation

from tests.factories import body_of, make_article
from translation import submission

BLOCKS = 100
WORDS_A_BLOCK = 92


def long_article(site, blocks=BLOCKS):
    """Return a live article of many blocks and some 8,000 different words."""
    number = itertools.count(1)

    def words(count):
        return " ".join(f"word{next(number)}" for _index in range(count))

    body = []
    for index in range(blocks):
        if index % 4 == 3:
            body.append({"type": "heading", "value": {"text": words(4), "level": "2"}})
        elif index % 4 == 2:
            points = [words(10) for _point in range(4)]
            body.append({"type": "key_points", "value": {"title": words(3), "points": points}})
        else:
            paragraphs = "".join(
                f'<p>{words(WORDS_A_BLOCK // 2)} <a href="https://{next(number)}.example/">{words(2)}</a></p>'
                for _paragraph in range(3)
            )
            body.append({"type": "paragraph", "value": paragraphs})
    return make_article(site, "A long article", body=body_of(body), summary="s")


def submitted(article, language="cy", user=None):
    """Make an article ready for translation and return its ``Translation``."""
    return submission.submit(article, Locale.objects.get(language_code=language), user)


def translate_all(translation, prefix="Cyf: "):
    """Translate every sentence of a ``Translation`` by putting a word before it."""
    for segment in StringSegment.objects.filter(source=translation.source).select_related("string"):
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": prefix + segment.string.data, "has_error": False, "field_error": ""},
        )


def publish(translation):
    """Publish a translation as a translator does, and return the live page."""
    translation.save_target(publish=True)
    return translation.get_target_instance()


def edit(article, **fields):
    """Change an article in the source language and publish it."""
    article = type(article).objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, value)
    article.save_revision().publish()
    return article
