"""Ending a subscription: by the button on a page, or by the mail program itself (RFC 8058)."""

from django.shortcuts import render

from newsletter import subscribing
from newsletter.subscribing import Over
from newsletter.views.linked import LinkedPage, elsewhere


class Leave(LinkedPage):
    """End a subscription by a POST from anywhere: the providers of mail send it without saying who they are."""

    takes_foreign_posts = True

    def shown(self, token):
        if not subscribing.is_to_leave(token):
            raise Over("unknown")
        return render(self.request, "newsletter/leave.html", {"alternates": elsewhere("newsletter_leave", token)})

    def pressed(self, token):
        if not subscribing.leave(token):
            raise Over("unknown")
        # No redirect: RFC 8058 forbids one.
        return render(self.request, "newsletter/left.html")
