"""The list of subscribers. Nobody is added by hand: only who confirms the mail gets the newsletter."""

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button

from delivery.sites import language_name
from newsletter import suppression
from newsletter.admin.forms import AddressForm
from newsletter.models import Frequency, Subscriber, Suppression

ROWS_ON_A_PAGE = 50


def languages():
    return [(code, language_name(code)) for code, _name in settings.LANGUAGES]


def _choice(label, choices):
    return django_filters.ChoiceFilter(label=label, choices=choices, empty_label=_("All"), widget=forms.RadioSelect)


class SubscriberFilterSet(WagtailFilterSet):
    state = _choice(_("State"), Subscriber.State.choices)
    language = _choice(_("Language"), languages)
    frequency = _choice(_("How often"), Frequency.choices)

    class Meta:
        model = Subscriber
        fields = []


class AddressColumn(Column):
    cell_template_name = "newsletter/admin/address_cell.html"


class RemoveColumn(Column):
    cell_template_name = "newsletter/admin/remove_cell.html"


class SubscriberIndexView(IndexView):
    """The list of subscribers and its results alone."""

    model = Subscriber
    page_title = _("Subscribers")
    header_icon = "group"
    index_url_name = "newsletter_subscriber:index"
    index_results_url_name = "newsletter_subscriber:index_results"
    results_template_name = "newsletter/admin/subscribers_results.html"
    any_permission_required = ["view", "change"]
    filterset_class = SubscriberFilterSet
    is_searchable = True
    search_fields = ["email"]
    paginate_by = ROWS_ON_A_PAGE
    default_ordering = "-asked_on"

    @cached_property
    def columns(self):
        columns = [
            AddressColumn("email", label=_("E-mail address"), sort_key="email"),
            Column("language", label=_("Language"), accessor=lambda row: language_name(row.language)),
            Column("state", label=_("State"), sort_key="state", accessor="get_state_display"),
            Column("frequency", label=_("How often"), sort_key="frequency", accessor="get_frequency_display"),
            Column("topics", label=_("Topics"), accessor=lambda row: len(row.topics) or _("All")),
            Column("asked_on", label=_("Signed up"), sort_key="asked_on"),
            Column("confirmed_on", label=_("Confirmed"), sort_key="confirmed_on"),
            Column("source", label=_("Signed up on")),
        ]
        if self.user_has_permission("change"):
            columns.append(RemoveColumn("remove", label=_("Remove")))
        return columns

    @cached_property
    def header_more_buttons(self):
        if not self.user_has_permission("change"):
            return []
        url = reverse("newsletter_subscriber:lift")
        return [Button(_("Let an address be mailed again"), url=url, icon_name="mail")]

    def get_context_data(self, *args, **kwargs):
        numbers = dict(Subscriber.objects.order_by().values_list("state").annotate(Count("pk")))
        states = [(label, numbers.get(state, 0)) for state, label in Subscriber.State.choices]
        return super().get_context_data(*args, **kwargs) | {"states": states}


class RemoveView(DeleteView):
    """End a subscription for somebody who asked for that, once it is confirmed."""

    model = Subscriber
    permission_required = "change"
    index_url_name = "newsletter_subscriber:index"
    delete_url_name = "newsletter_subscriber:remove"
    template_name = "newsletter/admin/remove.html"
    page_title = _("Remove")
    header_icon = "group"
    success_message = _("The subscription has ended. The address is not mailed again, unless its owner signs up.")

    def delete_action(self):
        suppression.suppress(self.object, Suppression.Reason.UNSUBSCRIBED)


class LiftView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Forget that an address is not mailed."""

    model = Subscriber
    permission_required = "change"
    form_class = AddressForm
    template_name = "newsletter/admin/lift.html"
    page_title = _("Let an address be mailed again")
    header_icon = "mail"

    def get_breadcrumbs_items(self):
        items = [{"url": reverse("newsletter_subscriber:index"), "label": _("Subscribers")}]
        return [*self.breadcrumbs_items, *items, {"url": "", "label": self.page_title}]

    def form_valid(self, form):
        email = form.cleaned_data["email"]
        if suppression.is_suppressed(email):
            suppression.lift(email)
            messages.success(self.request, _("The address can sign up again."))
        else:
            messages.warning(self.request, _("This address was not barred. Its owner can sign up."))
        return redirect("newsletter_subscriber:index")

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
