"""The acts as an editor does them: forms of the admin, filled in and sent to the running server.

So the change happens in one of the processes that serve readers. What a form asks that is not said here is sent back
as it came.
"""

import json
import re
from io import BytesIO

import requests
from bs4 import BeautifulSoup
from PIL import Image as Picture

# The parts of forms that only scripts make: every stream is sent whole.
STREAMS = (
    *("body", "call_to_action", "downloads", "related", "pinned", "barriers", "departments", "form_fields"),
    *("header_links", "footer_links", "social_links"),
)


class Editor:
    """Somebody who has logged in to the admin.

    Args:
        url: of the site.
        password: of the account "admin".
    """

    def __init__(self, url, password):
        self.url = f"{url}/admin/"
        self.session = requests.Session()
        self.post("login/", {"username": "admin", "password": password})

    def page(self, path):
        answer = self.session.get(self.url + path, timeout=60)
        answer.raise_for_status()
        return answer.text

    def post(self, path, data, files=None, form=None):
        """Send a form: the one at an address with some of its fields changed, or these fields alone.

        Args:
            path: where it is sent, below the admin.
            data: what is filled in.
            files: files to send along.
            form: the address of the form whose other fields are sent as they are, or None.

        Raises:
            AssertionError: with what the admin complains of.
        """
        kept = fields(self.page(form)) if form else []
        kept = [(name, value) for name, value in kept if name not in data]
        if "csrf" not in self.session.cookies:
            self.page("login/")
        # Another connection each time, so that it may be another process of the server that does it.
        headers = {"X-CSRFToken": self.session.cookies["csrf"], "Referer": self.url, "Connection": "close"}
        sent = [*kept, *((name, value) for name, value in data.items())]
        address = self.url + path
        answer = self.session.post(address, sent, files=files, headers=headers, allow_redirects=False, timeout=60)
        done = answer.status_code in (301, 302) or (answer.status_code == 200 and "_done" in answer.text[:200])
        assert done or (answer.status_code == 200 and not answer.text), f"{path}: {complaints(answer)}"

    def put(self, path, data):
        headers = {"X-CSRFToken": self.session.cookies["csrf"], "Referer": self.url, "Connection": "close"}
        self.session.put(self.url + path, data, headers=headers, timeout=60).raise_for_status()

    def save(self, path, data, action="action-publish"):
        self.post(path, streams() | data | {action: action}, form=path)


def complaints(answer):
    soup = BeautifulSoup(answer.text, "lxml")
    found = soup.select(".error-message, .w-field__errors, .messages .error, .errorlist, .help-critical")
    said = " | ".join(filter(None, (" ".join(item.get_text(" ").split()) for item in found)))
    return f"status {answer.status_code}: {said or answer.text[:500]}"


def fields(html):
    """Return the (name, value) of everything that a browser would send of the largest form on a page."""
    soup = BeautifulSoup(html, "lxml")
    for template in soup.find_all("template"):
        # Scripts put dialogs into the form, that of the schedule for one; other templates are for what is added.
        if template.get("data-controller") == "w-teleport" and template.find_parent("form"):
            template.unwrap()
    for template in soup.find_all("template"):
        template.decompose()
    forms = [
        value for form in soup.find_all("form", method=re.compile("post", re.IGNORECASE)) if (value := of_form(form))
    ]
    return max(forms, key=len, default=[])


def of_form(form):
    found = []
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type", "")
        if not name or kind in ("submit", "file", "button") or name == "csrfmiddlewaretoken":
            continue
        if field.name == "select":
            chosen = field.find_all("option", selected=True)
            found += [(name, option.get("value", "")) for option in chosen]
        elif field.name == "textarea":
            found.append((name, field.text.removeprefix("\n")))
        elif kind not in ("checkbox", "radio") or field.has_attr("checked"):
            found.append((name, field.get("value", "on" if kind == "checkbox" else "")))
    return found


def streams(text=None):
    """Return the fields of all streams: empty, but a body of one paragraph if there is a text."""
    sent = {f"{name}-count": "0" for name in STREAMS}
    if text:
        block = {"body-0-deleted": "", "body-0-order": "0", "body-0-type": "paragraph", "body-0-value": rich(text)}
        sent |= block | {"body-count": "1", "body-0-id": ""}
    return sent


def rich(text):
    """Return a paragraph in the form that the rich text editor sends."""
    block = {"key": "abcde", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"entityMap": {}, "blocks": [block | {"text": text}]})


def edit(editor, pk, title, text):
    editor.save(f"pages/{pk}/edit/", {"title": title, **streams(text)})


def edit_draft(editor, pk, title, text):
    editor.post(f"pages/{pk}/edit/", streams(text) | {"title": title}, form=f"pages/{pk}/edit/")


def publish_again(editor, pk, title, text):
    editor.save(f"pages/{pk}/edit/", {"title": title, "expire_at": "", "go_live_at": "", **streams(text)})


def unpublish(editor, pk):
    editor.post(f"pages/{pk}/unpublish/", {})


language_goes = unpublish


def create(editor, parent, slug, kind, title, text):
    path = f"pages/add/news/articlepage/{parent}/"
    editor.save(path, {"title": title, "slug": slug, "summary": text, "kind": kind, **streams(text)})


def delete(editor, pk):
    editor.post(f"pages/{pk}/delete/", {})


delete_alias = delete


def move(editor, pk, parent):
    editor.post(f"pages/{pk}/move/{parent}/confirm/", {})


def reorder(editor, pk, position):
    editor.post(f"pages/{pk}/set_position/?position={position}", {})


def copy(editor, pk, slug, parent):
    data = {"new_title": slug, "new_slug": slug, "new_parent_page": parent, "publish_copies": "on"}
    editor.post(f"pages/{pk}/copy/", data)


def change_slug(editor, pk, slug):
    editor.save(f"pages/{pk}/edit/", {"slug": slug, **streams(f"Now at {slug}")})


def restrict(editor, pk, kind):
    editor.post(f"pages/{pk}/privacy/", {"restriction_type": kind, "password": "sesame"})


def lift(editor, pk):
    editor.post(f"pages/{pk}/privacy/", {"restriction_type": "none"})


def rename_term(editor, family, pk, name):
    model = {"topics": "topic", "authors": "author", "kinds": "articlekind"}[family]
    editor.save(f"snippets/news/{model}/edit/{pk}/", {"name": name})


def replace_image(editor, pk, colour):
    data = BytesIO()
    Picture.new("RGB", (320, 240), tuple(colour)).save(data, "JPEG")
    editor.post(f"images/{pk}/", {}, files={"file": ("new.jpg", data.getvalue(), "image/jpeg")}, form=f"images/{pk}/")


def image_rights(editor, pk, ended, credit):
    data = {"rights_expire_on": "2020-01-01" if ended else "", "credit": credit}
    editor.post(f"images/{pk}/", data, form=f"images/{pk}/")


def document(editor, pk, title):
    editor.post(f"documents/edit/{pk}/", {"title": title}, form=f"documents/edit/{pk}/")


def furniture(editor, pk, text, notice):
    data = {"footer_text": text, "notice_title": text, "notice_is_on": "on" if notice else ""}
    editor.save(f"snippets/core/furniture/edit/{pk}/", data)


def edit_translation(editor, translation, segment, pk, text):
    """Save a sentence in the translators' editor, and publish the page."""
    editor.put(f"localize/translate/{translation}/strings/{segment}/edit/", {"value": text})
    editor.post(f"pages/{pk}/edit/", {"action": "publish", "publish-with-open-sentences": "1"})


def add_redirect(editor, path, pk):
    data = {"old_path": path, "redirect_page": pk, "is_permanent": "on", "site": "", "redirect_link": ""}
    editor.post("redirects/add/", data)


def remove_redirect(editor, pk):
    editor.post(f"redirects/{pk}/delete/", {})


def restore(editor, pk, revision):
    form = f"pages/{pk}/revisions/{revision}/revert/"
    data = streams(f"As in {revision}") | {"action-publish": "1", "expire_at": "", "go_live_at": ""}
    editor.post(form, data, form=form)


def language_comes(editor, pk, title, text):
    editor.save(f"pages/{pk}/edit/", {"title": title, "expire_at": "", **streams()})


def add_synonyms(editor, locale, words):
    editor.post("snippets/search/synonymgroup/add/", {"locale": locale, "words": words})


def remove_synonyms(editor, pk):
    editor.post(f"snippets/search/synonymgroup/delete/{pk}/", {})


def add_promotion(editor, locale, words, pk):
    data = {"locale": locale, "queries": words, "page": pk, "position": "1"}
    editor.post("snippets/search/promotedresult/add/", data, form="snippets/search/promotedresult/add/")


def remove_promotion(editor, pk):
    editor.post(f"snippets/search/promotedresult/delete/{pk}/", {})


def edit_front(editor, pk, lead, title):
    editor.save(f"pages/{pk}/edit/", {"title": title, "lead_story": str(lead), **streams("On the front page")})


def bulk(editor, action, ids):
    query = "&".join(f"id={pk}" for pk in ids)
    editor.post(f"bulk/wagtailcore/page/{action}/?{query}", {"include_descendants": "on"})
