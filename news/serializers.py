"""What the public API writes of an article that is not stored so (``portal.api`` asks for it by ``api_fields``)."""

from rest_framework.fields import Field, ListField
from wagtail.api import APIField

from delivery import sites


class TermField(Field):
    """A topic, author or kind with the address of its list."""

    def to_representation(self, term):
        return {"name": term.name, "slug": term.slug, "html_url": sites.absolute(term.url) if term.url else None}


class AuthorField(TermField):
    def to_representation(self, term):
        return {**super().to_representation(term), "role": term.role}


class TopicsField(ListField):
    child = TermField()
    prefetch = "article_topics"


class AuthorsField(ListField):
    child = AuthorField()
    prefetch = "article_authors"


class LeadImageField(Field):
    """The lead picture with its words here, or None where it may not be shown."""

    def get_attribute(self, page):
        return page

    def to_representation(self, page):
        image = self.context["public"].image(page.lead_image_id)
        if image is None:
            return None
        return {
            **image,
            "alt": page.shown_image_alt,
            "is_decorative": page.lead_image_is_decorative,
            "caption": page.lead_image_caption,
            "credit": page.lead_image_credit or image["credit"],
        }


KIND = APIField("kind", serializer=TermField(source="kind_view"))
TOPICS = APIField("topics", serializer=TopicsField(source="topic_views"))
AUTHORS = APIField("authors", serializer=AuthorsField(source="author_views"))
LEAD_IMAGE = APIField("lead_image", serializer=LeadImageField())
