"""The newsletter in the admin's menu: issues, subscribers and digests."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from core.rights import LanguagePermissionPolicy
from news.models import Topic
from newsletter import keeping
from newsletter.admin import issues, show, subscribers
from newsletter.admin.forms import DigestForm, IssueForm, WeekdaySelect
from newsletter.admin.permissions import may_see_addresses
from newsletter.models import Digest, Issue

for model in (Issue, Digest):
    register_permission_policy(model, LanguagePermissionPolicy(model))


class RowsInLanguages(ModelViewSet):
    """List, new, edit and delete, and no other of Wagtail's views: those do not ask for the language."""

    copy_view_enabled = False

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(history_url_name=None, usage_url_name=None, **kwargs)

    def get_permissions_to_register(self):
        return Permission.objects.filter(content_type=ContentType.objects.get_for_model(self.model))

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", self.add_view, name="add"),
            path("<int:pk>/edit/", self.edit_view, name="edit"),
            path("<int:pk>/delete/", self.delete_view, name="delete"),
        ]


class IssueViewSet(RowsInLanguages):
    model = Issue
    name = "newsletter_issue"
    url_prefix = "newsletter/issues"
    icon = "mail"
    menu_label = _("Issues")
    index_view_class = issues.IssueIndexView
    add_view_class = issues.AddIssueView
    edit_view_class = issues.EditIssueView
    delete_view_class = issues.DeleteIssueView
    list_filter = ["state", "locale"]
    search_fields = ["subject"]
    edit_handler = ObjectList(
        [
            FieldPanel("locale"),
            FieldPanel("subject"),
            FieldPanel("preheader"),
            FieldPanel("greeting"),
            InlinePanel("articles", label=_("article"), heading=_("Articles")),
            MultiFieldPanel([FieldPanel("frequency"), FieldPanel("topic")], heading=_("Who gets it")),
        ],
        base_form_class=IssueForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", show.ShowView.as_view(), name="show"),
            path("<int:pk>/send/", show.SendView.as_view(), name="send"),
            path("<int:pk>/preview/", show.PreviewView.as_view(), name="preview"),
            path("<int:pk>/mail/", show.MailView.as_view(), name="mail"),
            path("<int:pk>/progress/", show.ProgressView.as_view(), name="progress"),
        ]


class DigestViewSet(RowsInLanguages):
    model = Digest
    name = "newsletter_digest"
    url_prefix = "newsletter/digests"
    icon = "calendar-alt"
    menu_label = _("Digests")
    index_view_class = issues.DigestIndexView
    add_view_class = issues.AddDigestView
    edit_view_class = issues.EditDigestView
    delete_view_class = issues.DeleteDigestView
    edit_handler = ObjectList(
        [
            FieldPanel("locale"),
            FieldPanel("frequency"),
            FieldPanel("is_on"),
            FieldPanel("is_reviewed"),
            FieldPanel("subject"),
            FieldPanel("greeting"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("weekday", widget=WeekdaySelect), FieldPanel("day")]),
                    FieldRowPanel([FieldPanel("hour"), FieldPanel("delay_minutes")]),
                ],
                heading=_("When"),
            ),
        ],
        base_form_class=DigestForm,
    )


class SubscriberMenuItem(MenuItem):
    def is_shown(self, request):
        return may_see_addresses(request.user)


class SubscriberViewSet(ViewSet):
    name = "newsletter_subscriber"
    url_prefix = "newsletter/subscribers"
    icon = "group"
    menu_label = _("Subscribers")
    menu_item_class = SubscriberMenuItem

    def get_urlpatterns(self):
        return [
            path("", subscribers.SubscriberIndexView.as_view(), name="index"),
            path("results/", subscribers.SubscriberIndexView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/remove/", subscribers.RemoveView.as_view(), name="remove"),
            path("lift/", subscribers.LiftView.as_view(), name="lift"),
        ]


class NewsletterGroup(ViewSetGroup):
    items = (IssueViewSet, SubscriberViewSet, DigestViewSet)
    menu_label = _("Newsletter")
    menu_name = "newsletter"
    menu_icon = "mail"
    menu_order = 235


@hooks.register("register_admin_viewset")
def register_newsletter():
    return NewsletterGroup()


@hooks.register("before_delete_snippet")
def keep_topics_of_issues(request, instances):
    kept = keeping.topics_kept([row for row in instances if isinstance(row, Topic)])
    if not kept:
        return None
    messages.error(request, keeping.TOPIC_STAYS % {"names": ", ".join(str(topic) for topic in kept)})
    return redirect("wagtailsnippets_news_topic:list")


@hooks.register("register_permissions")
def subscriber_permissions():
    codenames = ["view_subscriber", "change_subscriber"]
    return Permission.objects.filter(content_type__app_label="newsletter", codename__in=codenames)


@hooks.register("register_log_actions")
def log_what_is_sent(actions):
    actions.register_action("newsletter.send", _("Send"), _("Sending begun"))
    actions.register_action("newsletter.schedule", _("Schedule"), _("Sending scheduled"))
    actions.register_action("newsletter.unschedule", _("Unschedule"), _("Schedule taken back"))
    actions.register_action("newsletter.stop", _("Stop"), _("Sending stopped"))
    actions.register_action("newsletter.go_on", _("Go on"), _("Sending continued"))
    actions.register_action("newsletter.again", _("Send again"), _("One mail sent again"))
