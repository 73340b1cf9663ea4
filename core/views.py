"""Answers that belong to no page."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """Say in the reader's language that a form came from somewhere else or was open for too long."""
    return render(request, "403.html", {"reason": reason}, status=403)
