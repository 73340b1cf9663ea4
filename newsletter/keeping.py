"""What an issue was made for stays as long as the issue, so that nobody is mailed who did not ask for that.

Without its topic an issue would be for everybody; without its digest, its greeting alone would be reason to mail it.
"""

from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from news.models import Topic
from newsletter.models import Digest, Issue

TOPIC_STAYS = _("Issues of the newsletter are for this topic, so it stays: %(names)s. You can unpublish it instead.")
DIGEST_STAYS = _("Issues of the newsletter were made by this digest, so it stays. You can switch it off instead.")


def topics_kept(topics):
    """Return those of some topics that cannot be deleted together: no translation is left to take their issues over."""
    going = [topic.pk for topic in topics]
    kept = Issue.objects.filter(topic__in=going).values_list("topic", flat=True)
    return [topic for topic in topics if topic.pk in kept and topic.heir(going) is None]


@receiver(pre_delete, sender=Topic)
def keep_topic(sender, instance, **kwargs):
    # What a translation takes over was handed over before (``Term.hand_over``).
    _protect(Issue.objects.filter(topic=instance), TOPIC_STAYS % {"names": instance})


@receiver(pre_delete, sender=Digest)
def keep_digest(sender, instance, **kwargs):
    _protect(instance.issues.all(), DIGEST_STAYS)


def _protect(issues, words):
    if issues.exists():
        raise ProtectedError(words, issues)
