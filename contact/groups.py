"""The deletion of a group of people: not of one that keeps a department closed."""

from django.contrib.auth.models import Group
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.users.views.groups import DeleteView
from wagtail.users.views.groups import GroupViewSet as StockGroupViewSet

from contact.models import Department


def closed_by(group):
    """Return (departments that a group keeps closed, why it must stay): without their last group they are open."""
    closed = list(Department.objects.filter(groups=group))
    words = _("Take the group out of these departments first, it keeps their enquiries closed: %(names)s")
    return closed, words % {"names": ", ".join(str(department) for department in closed)}


@receiver(pre_delete, sender=Group)
def keep_closed_departments_closed(sender, instance, **kwargs):
    closed, words = closed_by(instance)
    if closed:
        raise ProtectedError(words, closed)


class GroupDeleteView(DeleteView):
    def form_valid(self, form):
        closed, words = closed_by(self.object)
        if not closed:
            return super().form_valid(form)
        messages.error(self.request, words)
        return redirect(self.get_success_url())


class GroupViewSet(StockGroupViewSet):
    delete_view_class = GroupDeleteView
