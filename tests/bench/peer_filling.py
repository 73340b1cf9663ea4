"""The articles of CodeRed CMS, written through its own models; ``tests.bench.making`` runs it in its environment."""

from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Page
from website.models import ArticleIndexPage, ArticlePage

from tests.bench import content


def build(count, progress):
    """Make the index and its articles; see ``tests.bench.making``."""
    call_command("collectstatic", verbosity=0, interactive=False)
    images = [make_image(name, number) for number, name in enumerate(content.PICTURES)]
    home = Page.objects.get(depth=2)
    index = ArticleIndexPage(title="News", slug="news")
    # Its own default is refused by its own check, unless the admin's form has just been made.
    index.index_order_by = "-first_published_at"
    home.add_child(instance=index)
    newest = timezone.now()
    ids = {}
    with transaction.atomic():
        for number in range(count):
            article = make_article(number, images, ids)
            article.first_published_at = newest - timedelta(hours=number)
            ids[number] = index.add_child(instance=article).pk
            progress(number / count)


def make_image(name, number):
    data = BytesIO()
    Picture.new("RGB", content.PICTURE_SIZE, (40 * number, 92, 90)).save(data, "JPEG")
    return Image.objects.create(title=name, file=ContentFile(data.getvalue(), name=f"{name.lower()}.jpg"))


def make_article(number, images, ids):
    text = content.text(number)
    points = "".join(f"<li>{point}</li>" for point in text.points)
    blocks = [("text", f"<ul>{points}</ul>")]
    for place, (heading, paragraphs) in enumerate(text.sections):
        # Only what is there already can be linked to.
        linked = ids.get((number - 1 - place) % content.TEXTS, 1)
        html = content.html(paragraphs, f'linktype="page" id="{linked}"')
        blocks.append(("text", f"<h2>{heading}</h2>{html}"))
        if place < 2:
            blocks.append(("image", {"image": images[text.pictures[1 + place]].pk}))
    words, who = text.quotation
    blocks.append(("text", f"<p>{words} – {who}</p>"))
    return ArticlePage(
        title=text.title,
        slug=f"article-{number}",
        search_description=text.summary,
        author_display=content.AUTHORS[text.author],
        cover_image=images[text.pictures[0]],
        body=[{"type": kind, "value": value} for kind, value in blocks],
    )
