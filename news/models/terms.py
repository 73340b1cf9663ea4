"""What articles are sorted by: topics, authors and kinds, in every language."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core.models import Image
from delivery.signals import is_draft_only
from news import renaming


class TermQuerySet(models.QuerySet):
    def delete(self):
        with renaming.followed(self.model):
            going = [term.pk for term in self]
            for term in self:
                term.hand_over(going)
            return super().delete()


class Term(index.Indexed, TranslatableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A word that articles are sorted by. Articles point at one language's term; readers see their own."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("slug"), max_length=120, allow_unicode=True, help_text=_("The word in the address of its list.")
    )
    description = models.TextField(_("description"), blank=True, help_text=_("Shown above its list of articles."))

    objects = TermQuerySet.as_manager()

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale"),
        index.FilterField("live"),
    ]
    translatable_fields = [
        TranslatableField("name"),
        SynchronizedField("slug", overridable=True),
        TranslatableField("description"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["locale", "slug"], name="%(class)s_slug_once_per_language")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        if is_draft_only(self, kwargs.get("update_fields")):
            return super().save(*args, **kwargs)
        with renaming.followed(type(self)):
            return super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.slug and self._others_with(self.slug, self.locale_id).exists():
            raise ValidationError({"slug": _("This language has another one at this address. Choose another word.")})

    def copy_for_translation(self, locale, exclude_fields=None):
        """Return an unsaved copy for another language, under a slug that is free there."""
        copy = super().copy_for_translation(locale, exclude_fields)
        number = 2
        while self._others_with(copy.slug, locale.pk).exists():
            copy.slug = f"{self.slug}-{number}"
            number += 1
        return copy

    def delete(self, *args, **kwargs):
        with renaming.followed(type(self)):
            self.hand_over()
            return super().delete(*args, **kwargs)

    def heir(self, going=()):
        """Return the translation that takes this term's place when some terms are deleted together, or None.

        Args:
            going: the primary keys of those.
        """
        return self.get_translations().exclude(pk__in=going).first()

    def hand_over(self, going=()):
        """Let what points at this term point at its heir, before it is deleted.

        An ``on_delete`` rule of our own would not do: modelcluster refuses to load a draft that points at
        something deleted under any rule but Django's.
        """
        heir = self.heir(going)
        if not heir:
            return
        for field in self._meta.get_fields(include_hidden=True):
            if field.one_to_many and field.auto_created:
                name = field.field.name
                field.related_model.objects.filter(**{name: self}).update(**{name: heir})

    def _others_with(self, slug, locale_id):
        return type(self)._default_manager.filter(slug=slug, locale_id=locale_id).exclude(pk=self.pk)


class Topic(Term):
    """What articles are about."""

    class Meta(Term.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class ArticleKind(Term):
    """What sort of text an article is: statement, response, announcement."""

    plural = models.CharField(_("name of several"), max_length=120, help_text=_("For example Statements."))

    panels = [FieldPanel("name"), FieldPanel("plural"), FieldPanel("slug"), FieldPanel("description")]
    translatable_fields = [*Term.translatable_fields, TranslatableField("plural")]

    class Meta(Term.Meta):
        verbose_name = _("kind of article")
        verbose_name_plural = _("kinds of article")


class Author(Term):
    """A person or team that signs articles; the description is the biography."""

    role = models.CharField(_("role"), max_length=160, blank=True)
    is_group = models.BooleanField(
        _("a team or organisation"), default=False, help_text=_("Search engines and references tell people from teams.")
    )
    image = models.ForeignKey(
        Image, verbose_name=_("portrait"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("role"),
        FieldPanel("is_group"),
        FieldPanel("slug"),
        FieldPanel("description", heading=_("Biography")),
        FieldPanel("image"),
    ]
    translatable_fields = [
        *Term.translatable_fields,
        TranslatableField("role"),
        SynchronizedField("is_group"),
        SynchronizedField("image"),
    ]

    class Meta(Term.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
