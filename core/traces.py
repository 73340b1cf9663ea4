"""What is left of an address where nobody looks for it: queued mails, tasks, logs of the admin, mails in files."""

from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, PageLogEntry

from core import addresses, mail
from core.models import QueuedMail
from core.privacy import Holder, Mentions, fields_of

LOGS = (ModelLogEntry, PageLogEntry)
# Django's back end that writes files puts this after each mail.
END_OF_MAIL = b"\n" + b"-" * 79 + b"\n"


def accounts(address):
    """Return the staff accounts with an address in any spelling; they are never erased with it."""
    key = addresses.key(address)
    with_address = get_user_model().objects.exclude(email="")
    return [user for user in with_address if "@" in user.email and addresses.key(user.email) == key]


def export(address):
    """Return what is stored about an address in mails, tasks and logs, and the staff accounts that have it."""
    mentions = Mentions(address)
    found = [
        {"record": "mail", **fields_of(row), "words": bytes(row.raw).decode("utf-8", "replace")}
        for row in _mails(mentions)
    ]
    found += [{"record": "task", **fields_of(row)} for row in _tasks(mentions)]
    found += [{"record": "log entry", **fields_of(row)} for model in LOGS for row in _entries(model, mentions)]
    found += [
        {"record": "file", "words": part.decode("utf-8", "replace")}
        for path in _files()
        for part in _parts(path)
        if _is_in_mail(mentions, part)
    ]
    kept = ("id", "username", "email", "first_name", "last_name", "date_joined", "last_login")
    return found + [
        {"record": "staff account"} | {name: getattr(user, name) for name in kept} for user in accounts(address)
    ]


def erase(address):
    """Erase mails and tasks in which an address stands; entries of logs stay, without what was written in them."""
    mentions = Mentions(address)
    number = 0
    for rows in (_mails(mentions), _tasks(mentions)):
        for row in rows:
            row.delete()
        number += len(rows)
    for model in LOGS:
        keys = [row.pk for row in _entries(model, mentions)]
        number += model.objects.filter(pk__in=keys).update(label="", data={})
    return number + sum(_erase_in_file(path, mentions) for path in _files())


def _mails(mentions):
    rows = QueuedMail.objects.iterator(200)
    return [row for row in rows if mentions.are_in(row.recipients) or _is_in_mail(mentions, bytes(row.raw))]


def _tasks(mentions):
    rows = DBTaskResult.objects.iterator(200)
    return [row for row in rows if mentions.are_in([row.args_kwargs, row.return_value, row.traceback])]


def _entries(model, mentions):
    return [row for row in model.objects.iterator(500) if mentions.are_in([row.label, row.data])]


def _is_in_mail(mentions, raw):
    """Return whether an address stands in the bytes of a mail, whatever its parts are encoded in."""
    if not raw:
        return False
    if mentions.are_in(raw.decode("utf-8", "replace")):
        return True
    message = message_from_bytes(raw, policy=policy.default)
    texts = [str(value) for value in message.values()]
    for part in message.walk():
        if part.get_content_maintype() == "text":
            texts.append((part.get_payload(decode=True) or b"").decode("utf-8", "replace"))
    return mentions.are_in(texts)


def _files():
    """Return the files that mails are written to, where ``EMAIL_URL`` names no server."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    is_used = settings.MAIL_TRANSPORT.endswith("filebased.EmailBackend") and folder
    return sorted(path for path in Path(folder).glob("*.log") if path.is_file()) if is_used else []


def _parts(path):
    return [part for part in path.read_bytes().split(END_OF_MAIL) if part.strip()]


def _erase_in_file(path, mentions):
    parts = _parts(path)
    kept = [part for part in parts if not _is_in_mail(mentions, part)]
    if len(kept) == len(parts):
        return 0
    if kept:
        path.write_bytes(b"".join(part + END_OF_MAIL for part in kept))
    else:
        path.unlink()
    return len(parts) - len(kept)


HOLDER = Holder(_("Mails, tasks and logs"), export, erase, mail.tidy)
