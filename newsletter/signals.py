"""What the newsletter does when an article is published."""

from django.dispatch import receiver
from wagtail.signals import page_published

from news.models import ArticlePage
from newsletter import digests


@receiver(page_published, sender=ArticlePage)
def follow_title(sender, instance, **kwargs):
    digests.follow_title(instance)
