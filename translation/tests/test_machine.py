"""Machine translation over LibreTranslate's protocol, with a real server on loopback that also misbehaves."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse
from wagtail_localize.machine_translators.libretranslate import LibreTranslator
from wagtail_localize.models import StringTranslation

from tests.factories import body_of, make_article
from translation import machine, memory
from translation.models import Freshness, Review
from translation.tests.pages import publish, submitted
from translation.tests.people import WELSH, person

pytestmark = [pytest.mark.django_db]


class Service(BaseHTTPRequestHandler):
    """LibreTranslate's POST /translate: the words come back in capitals."""

    requests = []
    fails_after = None
    words = staticmethod("X {}".format)

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).requests.append(sent)
        is_failing = self.fails_after is not None and len(self.requests) > self.fails_after
        words = [self.words(text) for text in sent["q"]]
        answer = {"error": "slow down"} if is_failing else {"translatedText": words}
        self.send_response(429 if is_failing else 200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args):
        """Keep the tests' output clean."""


@pytest.fixture
def service(settings):
    Service.requests, Service.fails_after = [], None
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MACHINE_TRANSLATION_URL = f"libretranslate+http://127.0.0.1:{server.server_port}/"
    yield Service
    server.shutdown()
    server.server_close()


@pytest.fixture
def work(site):
    points = [{"type": "key_points", "value": {"title": f"Title {n}", "points": [f"A{n}", f"B{n}"]}} for n in range(30)]
    return submitted(make_article(site, "The plan", body=body_of(points)))


def test_sentences_are_asked_for_in_portions_and_wait_for_review(work, service):
    done = machine.translate(work)
    assert done == work.get_progress()[0] > 90
    assert max(len(sent["q"]) for sent in service.requests) <= machine.SENTENCES_A_REQUEST
    assert {sent["api_key"] for sent in service.requests} == {""}
    assert Review.objects.filter(reason="machine").count() == done
    assert work.get_progress()[1] == 0, "no machine's sentence counts as done"


def test_what_arrived_is_kept_when_the_service_fails_and_the_person_is_told(work, service, client):
    service.fails_after = 1
    client.force_login(person(WELSH))
    response = client.post(reverse("wagtail_localize:machine_translate", args=[work.pk]), follow=True)
    assert response.status_code == 200
    assert any("LibreTranslate did not translate (429)" in str(message) for message in response.context["messages"])
    assert StringTranslation.objects.count() == machine.SENTENCES_A_REQUEST


@pytest.mark.parametrize("is_seen_late", [False, True])
def test_what_a_colleague_saves_meanwhile_stays_and_the_rest_is_kept(work, service, client, monkeypatch, is_seen_late):
    """Seen late: it was saved between the look at what is open and the storing."""
    before, asked, looked, looks = memory.untranslated(work), LibreTranslator.translate, memory.untranslated, []
    mine = {"translation_of": before[0].string, "context": before[0].context, "locale": work.target_locale}

    def with_a_colleague(*args):
        StringTranslation.objects.get_or_create(**mine, defaults={"data": "Saved meanwhile"})
        return asked(*args)

    def late(translation):
        looks.append(translation)
        return before if is_seen_late and len(looks) == 2 else looked(translation)

    monkeypatch.setattr(LibreTranslator, "translate", with_a_colleague)
    monkeypatch.setattr(memory, "untranslated", late)
    client.force_login(person(WELSH))
    response = client.post(reverse("wagtail_localize:machine_translate", args=[work.pk]))
    assert response.status_code == 302
    assert work.get_progress() == (StringTranslation.objects.count(), 1)
    row = StringTranslation.objects.get(**mine)
    assert (row.data, row.has_error) == ("Saved meanwhile", False)


def test_an_answer_without_a_word_is_no_translation(work, service, monkeypatch):
    monkeypatch.setattr(service, "words", staticmethod("\u200b".format))
    assert machine.translate(work) == 0
    assert not StringTranslation.objects.exists()


def test_a_service_that_is_down_is_told(work, settings, client):
    settings.MACHINE_TRANSLATION_URL = "libretranslate+http://127.0.0.1:9/"
    client.force_login(person(WELSH))
    response = client.post(reverse("wagtail_localize:machine_translate", args=[work.pk]), follow=True)
    assert any("did not translate" in str(message) for message in response.context["messages"])


def test_without_a_service_there_is_no_such_address(work, client):
    client.force_login(person(WELSH))
    assert client.post(reverse("wagtail_localize:machine_translate", args=[work.pk])).status_code == 404


def test_deepl_is_named_by_its_key(settings):
    settings.MACHINE_TRANSLATION_URL = "deepl://abc-123:fx"
    assert machine.translator().get_api_endpoint() == "https://api-free.deepl.com/v2/translate"


def test_what_a_machine_translated_is_not_called_changed_at_the_source(
    work, service, django_capture_on_commit_callbacks
):
    """It waits for a review, but the source has not changed, and readers are not told so."""
    machine.translate(work)
    with django_capture_on_commit_callbacks(execute=True):
        publish(work)
    mine = Freshness.objects.get(translation_key=work.source.object_id, locale=work.target_locale)
    assert mine.source_changed_on is None
