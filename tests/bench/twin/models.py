"""Pages, snippets and settings of the twin."""

from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import ExtractYear
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import Tag, TaggedItemBase
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet


class CaptionedImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(required=True)
    caption = blocks.CharBlock(required=False)

    class Meta:
        icon = "image"
        template = "twin/blocks/captioned_image.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    attribution = blocks.CharBlock(required=False)

    class Meta:
        icon = "openquote"
        template = "twin/blocks/quote.html"


class BodyBlock(blocks.StreamBlock):
    key_points = blocks.ListBlock(blocks.CharBlock(), template="twin/blocks/key_points.html")
    heading = blocks.CharBlock(form_classname="title", template="twin/blocks/heading.html")
    paragraph = blocks.RichTextBlock()
    image = CaptionedImageBlock()
    quote = QuoteBlock()


@register_snippet
class Author(models.Model):
    name = models.CharField(max_length=255)

    panels = [FieldPanel("name")]

    def __str__(self):
        return self.name


@register_snippet
class ArticleKind(models.Model):
    name = models.CharField(max_length=255)

    panels = [FieldPanel("name")]

    def __str__(self):
        return self.name


@register_snippet
class FooterText(models.Model):
    body = RichTextField()

    panels = [FieldPanel("body")]

    def __str__(self):
        return "Footer text"


@register_setting
class NavigationSettings(BaseGenericSetting):
    organisation_name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mastodon_url = models.URLField(blank=True)

    panels = [FieldPanel("organisation_name"), FieldPanel("phone"), FieldPanel("mastodon_url")]


class HomePage(Page):
    summary = models.CharField(max_length=250, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary")]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        articles = ArticlePage.objects.descendant_of(self).live().select_related("kind", "lead_image")
        latest = list(articles.order_by("-date")[:7])
        context["lead"] = latest[0] if latest else None
        context["latest"] = latest[1:]
        context["topics"] = Tag.objects.filter(twin_articlepagetag_items__isnull=False).distinct().order_by("name")
        context["news_index"] = NewsIndexPage.objects.child_of(self).live().first()
        return context


class NewsIndexPage(Page):
    introduction = RichTextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        everything = ArticlePage.objects.child_of(self).live()
        articles = everything.select_related("kind").order_by("-date")
        topic = request.GET.get("topic")
        if topic:
            articles = articles.filter(tags__name=topic)
        live = Q(articles__live=True)
        context["topic"] = topic
        context["articles"] = Paginator(articles, 20).get_page(request.GET.get("page"))
        context["kinds"] = ArticleKind.objects.annotate(count=Count("articles", filter=live)).order_by("name")
        context["topics"] = (
            Tag.objects.annotate(count=Count("twin_articlepagetag_items")).filter(count__gt=0).order_by("name")
        )
        years = everything.annotate(year=ExtractYear("date")).values("year")
        context["years"] = years.annotate(count=Count("pk")).order_by("-year")
        return context


class ArticlePageTag(TaggedItemBase):
    content_object = ParentalKey("ArticlePage", related_name="tagged_items", on_delete=models.CASCADE)


class ArticlePage(Page):
    date = models.DateTimeField("Post date")
    summary = models.CharField(max_length=250)
    kind = models.ForeignKey(ArticleKind, null=True, on_delete=models.SET_NULL, related_name="articles")
    authors = ParentalManyToManyField(Author, blank=True)
    lead_image = models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = StreamField(BodyBlock())
    tags = ClusterTaggableManager(through=ArticlePageTag, blank=True)

    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("date"),
                FieldPanel("kind"),
                FieldPanel("authors", widget=forms.CheckboxSelectMultiple),
                FieldPanel("tags"),
            ],
            heading="About the article",
        ),
        FieldPanel("summary"),
        FieldPanel("lead_image"),
        FieldPanel("body"),
    ]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        related = ArticlePage.objects.live().filter(tags__in=self.tags.all()).exclude(pk=self.pk).distinct()
        context["more_news"] = related.select_related("kind", "lead_image").order_by("-date")[:3]
        return context
